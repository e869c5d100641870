#include "retrain/base/duration.h"

#include <gtest/gtest.h>

namespace retrain {
namespace {

using std::chrono::seconds;

TEST(Duration, IsReadWithItsUnitAndNothingElseIs) {
  const std::pair<const char*, std::int64_t> good[] = {{"90s", 90},     {"15m", 900},      {"6h", 21'600},
                                                       {"7d", 604'800}, {"2w", 1'209'600}, {"1.5 h", 5'400},
                                                       {"0", 0},        {"45", 45}};
  for (const auto& [text, expected] : good) EXPECT_EQ(ParseDuration(text), seconds(expected)) << text;
  for (const char* odd : {"", "h", "-1h", "6 hours", "1.0001s", "1e3s", "6hh", "nan", "inf", "99999999w"})
    EXPECT_EQ(ParseDuration(odd), std::nullopt) << odd;
}

TEST(Duration, IsShownInTheLargestUnitThatFits) {
  EXPECT_EQ(DurationText(seconds(0)), "0 s");
  EXPECT_EQ(DurationText(seconds(90)), "90 s");
  EXPECT_EQ(DurationText(seconds(900)), "15 min");
  EXPECT_EQ(DurationText(seconds(3'600)), "1 h");
  EXPECT_EQ(DurationText(seconds(86'400)), "1 d");
  EXPECT_EQ(DurationText(seconds(129'600)), "1.5 d");
  EXPECT_EQ(DurationText(seconds(1'209'600)), "14 d");
}

TEST(Duration, WhatAConfigSaysReadsBack) {
  for (const std::int64_t length : {0, 1, 59, 60, 61, 3'600, 5'400, 86'400, 604'800, 999'999})
    EXPECT_EQ(ParseDuration(DurationKey(seconds(length))), seconds(length)) << length;
  EXPECT_EQ(DurationKey(seconds(604'800)), "1w");
}

}  // namespace
}  // namespace retrain
