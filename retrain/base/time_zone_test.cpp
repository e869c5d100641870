#include "retrain/base/time_zone.h"

#include <gtest/gtest.h>

namespace retrain {
namespace {

using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::sys_days;
using std::chrono::year;

TEST(TimeZone, KnowsTheOffsetsOfAPlaceAndWhenTheyChange) {
  const auto berlin = TimeZone::Find("Europe/Berlin");
  ASSERT_TRUE(berlin.ok());
  EXPECT_EQ(berlin->name(), "Europe/Berlin");
  const auto summer = berlin->At(sys_days(year(2026) / 7 / 1));
  EXPECT_EQ(summer.offset, hours(2));
  EXPECT_EQ(summer.begin, sys_days(year(2026) / 3 / 29) + hours(1));
  EXPECT_EQ(summer.end, sys_days(year(2026) / 10 / 25) + hours(1));
  EXPECT_EQ(berlin->At(summer.end).offset, hours(1));
}

TEST(TimeZone, WhatClocksSkipCountsAtTheSkipAndWhatTheyShowTwiceTheFirstTime) {
  const auto berlin = *TimeZone::Find("Europe/Berlin");
  EXPECT_EQ(berlin.FirstAt(local_days(year(2026) / 7 / 1) + hours(12)), sys_days(year(2026) / 7 / 1) + hours(10));
  EXPECT_EQ(berlin.FirstAt(local_days(year(2026) / 3 / 29) + hours(2)), sys_days(year(2026) / 3 / 29) + hours(1));
  EXPECT_EQ(berlin.FirstAt(local_days(year(2026) / 10 / 25) + hours(2)), sys_days(year(2026) / 10 / 25));
  EXPECT_EQ(TimeZone().FirstAt(local_days(year(2026) / 3 / 29) + hours(2)), sys_days(year(2026) / 3 / 29) + hours(2));
}

TEST(TimeZone, NamesTheNearZoneForOneThatThereIsNot) {
  const auto zone = TimeZone::Find("Europe/Berln");
  ASSERT_FALSE(zone.ok());
  EXPECT_EQ(zone.error().code, "E0102");
  EXPECT_EQ(zone.error().message, "there is no time zone `Europe/Berln`");
  EXPECT_EQ(zone.error().hint, "did you mean `Europe/Berlin`?");
  for (const char* odd : {"", "nowhere", "../etc/passwd", "Europe"}) EXPECT_FALSE(TimeZone::Find(odd).ok()) << odd;
}

}  // namespace
}  // namespace retrain
