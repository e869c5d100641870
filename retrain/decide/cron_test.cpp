#include "retrain/decide/cron.h"

#include <gmock/gmock.h>

namespace retrain::decide {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::sys_days;
using std::chrono::year;

// "2026-03-29 01:30", UTC.
Instant At(const char* text) {
  int y = 0;
  unsigned m = 0;
  unsigned d = 0;
  int hour = 0;
  int minute = 0;
  EXPECT_EQ(std::sscanf(text, "%d-%u-%u %d:%d", &y, &m, &d, &hour, &minute), 5) << text;
  return sys_days(year(y) / std::chrono::month(m) / std::chrono::day(d)) + hours(hour) + minutes(minute);
}

std::string Shown(std::optional<Instant> at) { return at ? ToText(*at).substr(0, 16).replace(10, 1, " ") : "never"; }

Cron Parsed(const char* text) {
  auto cron = Cron::Parse(text);
  EXPECT_TRUE(cron.ok()) << text << ": " << ToText(cron.error());
  return *cron;
}

TimeZone Zone(const char* name) {
  const auto zone = TimeZone::Find(name);
  EXPECT_TRUE(zone.ok()) << ToText(zone.error());
  return *zone;
}

struct Mistake {
  const char* text;
  const char* code;
  const char* message;
};

TEST(Cron, SaysWhichFieldIsWrongAndWhy) {
  const Mistake mistakes[] = {
      {"0 0 * *", "E0102", "has 4 fields, not 5"},
      {"", "E0102", "has 0 fields, not 5"},
      {"0 0 0 * * 0", "E0102", "has 6 fields, not 5"},
      {"60 0 * * *", "E0102", "has 60 as minute, which goes from 0 to 59"},
      {"0 24 * * *", "E0102", "has 24 as hour, which goes from 0 to 23"},
      {"0 0 0 * *", "E0102", "has 0 as day, which goes from 1 to 31"},
      {"0 0 * 13 *", "E0102", "has 13 as month, which goes from 1 to 12"},
      {"0 0 * * 8", "E0102", "has 8 as weekday, which goes from 0 to 7"},
      {"0 0 * * 99999999999", "E0102", "has 99999999999 as weekday"},
      {"0 0 * * son", "E0102", "has `son` in its weekday"},
      {"0 0 * mon *", "E0102", "has `mon` in its month"},
      {"0 0 * * fri-sun", "E0102", "a range that runs backwards"},
      {"*/0 0 * * *", "E0102", "has `0` as step in its minute, which goes from 1 to 60"},
      {"5,,7 0 * * *", "E0102", "has `` in its minute"},
      {"1- 0 * * *", "E0102", "has `` in its minute"},
      {"-1 0 * * *", "E0102", "has `-1` in its minute"},
      {"1.5 0 * * *", "E0102", "has `1.5` in its minute"},
      {"0 0 * * 1#6", "E0102", "has `6` as number after # in its weekday, which goes from 1 to 5"},
      {"0 0 * * L", "E0102", "has `l` in its weekday"},
      {"0 L * * *", "E0102", "has `l` in its hour"},
      {"@sometimes", "E0102", "is none of @hourly"},
      {"@reboot", "E0102", "is none of @hourly"},
      {"0 0 30 2 *", "E0105", "never comes"},
      {"0 0 31 2,4,6,9,11 *", "E0105", "never comes"},
      {"0 0 30 feb */2", "E0105", "never comes"},
  };
  for (const auto& m : mistakes) {
    SCOPED_TRACE(m.text);
    const auto cron = Cron::Parse(m.text);
    ASSERT_FALSE(cron.ok());
    EXPECT_EQ(cron.error().code, m.code);
    EXPECT_THAT(cron.error().message, ::testing::HasSubstr(m.message));
  }
}

struct Case {
  const char* cron;
  const char* zone;
  const char* after;
  std::vector<std::string> next;  // UTC
};

void Check(const Case& one) {
  SCOPED_TRACE(std::string(one.cron) + " in " + one.zone + " after " + one.after);
  const auto cron = Parsed(one.cron);
  const auto zone = Zone(one.zone);
  Instant at = At(one.after);
  for (const auto& expected : one.next) {
    const auto next = cron.NextAfter(zone, at);
    EXPECT_EQ(Shown(next), expected);
    if (!next) return;
    at = *next;
  }
}

TEST(Cron, KnowsListsRangesStepsNamesAndWhichDayOfAMonth) {
  const Case cases[] = {
      {"0 0 * * 0", "UTC", "2026-03-01 00:00", {"2026-03-08 00:00", "2026-03-15 00:00"}},  // 1 March is a Sunday
      {"0 0 * * 7", "UTC", "2026-02-28 23:59", {"2026-03-01 00:00"}},
      {"@weekly", "UTC", "2026-03-01 00:00", {"2026-03-08 00:00"}},
      {"@HOURLY", "UTC", "2026-03-01 00:30", {"2026-03-01 01:00", "2026-03-01 02:00"}},
      {"5/20 1-3 * * *", "UTC", "2026-03-01 03:25", {"2026-03-01 03:45", "2026-03-02 01:05"}},
      {"0 9 * jan,Jun MON-fri", "UTC", "2026-03-01 00:00", {"2026-06-01 09:00", "2026-06-02 09:00"}},
      {"0 0 13 * fri", "UTC", "2026-03-01 00:00", {"2026-03-06 00:00", "2026-03-13 00:00", "2026-03-20 00:00"}},
      {"0 0 */13 * fri", "UTC", "2026-03-01 00:00", {"2026-03-27 00:00", "2026-05-01 00:00"}},  // both: `*` begins it
      {"0 0 L * *", "UTC", "2026-01-31 00:00", {"2026-02-28 00:00", "2026-03-31 00:00"}},
      {"0 0 L 2 *", "UTC", "2027-03-01 00:00", {"2028-02-29 00:00"}},
      {"0 0 * * fri#2", "UTC", "2026-03-01 00:00", {"2026-03-13 00:00", "2026-04-10 00:00"}},
      {"0 0 * * 5L", "UTC", "2026-03-01 00:00", {"2026-03-27 00:00", "2026-04-24 00:00"}},
      {"0 0 * * friL", "UTC", "2026-03-01 00:00", {"2026-03-27 00:00"}},
      {"0 0 29 2 *", "UTC", "2096-03-01 00:00", {"2104-02-29 00:00"}},
      {"0 0 29 feb */7", "UTC", "2026-01-01 00:00", {"2032-02-29 00:00", "2060-02-29 00:00"}},
  };
  for (const auto& one : cases) Check(one);
}

// All ways in which clocks are changed: what is skipped runs at the skip, what is shown twice runs once; what has `*`
// in its minute or hour follows the clocks as they are.
TEST(Cron, KeepsTimeAsDebiansCronWhereClocksAreChanged) {
  const Case cases[] = {
      // Berlin goes from 02:00 to 03:00 on 29 March 2026 at 01:00 UTC, and back from 03:00 to 02:00 on 25 October.
      {"0 2 * * *", "Europe/Berlin", "2026-03-28 12:00", {"2026-03-29 01:00", "2026-03-30 00:00"}},
      {"30 2 * * *", "Europe/Berlin", "2026-03-28 12:00", {"2026-03-29 01:00", "2026-03-30 00:30"}},
      {"0,30 2 * * *", "Europe/Berlin", "2026-03-28 12:00", {"2026-03-29 01:00", "2026-03-30 00:00"}},
      {"0 3 * * *", "Europe/Berlin", "2026-03-28 12:00", {"2026-03-29 01:00", "2026-03-30 01:00"}},
      {"30 2 29 3 *", "Europe/Berlin", "2026-01-01 00:00", {"2026-03-29 01:00", "2027-03-29 00:30"}},
      {"30 * * * *", "Europe/Berlin", "2026-03-29 00:00", {"2026-03-29 00:30", "2026-03-29 01:30"}},
      {"*/30 2 * * *", "Europe/Berlin", "2026-03-28 12:00", {"2026-03-30 00:00", "2026-03-30 00:30"}},
      {"30 2 * * *", "Europe/Berlin", "2026-10-24 12:00", {"2026-10-25 00:30", "2026-10-26 01:30"}},
      {"30 2 * * *", "Europe/Berlin", "2026-10-25 00:45", {"2026-10-26 01:30"}},  // within the second showing
      {"*/30 2 * * *",
       "Europe/Berlin",
       "2026-10-25 00:00",
       {"2026-10-25 00:30", "2026-10-25 01:00", "2026-10-25 01:30", "2026-10-26 01:00"}},
      {"0 */6 * * *", "Europe/Berlin", "2026-03-28 23:00", {"2026-03-29 04:00"}},
      // New York goes at 02:00, from UTC-5 to UTC-4 on 8 March 2026, and back on 1 November.
      {"30 2 * * *", "America/New_York", "2026-03-07 12:00", {"2026-03-08 07:00", "2026-03-09 06:30"}},
      {"30 1 * * *", "America/New_York", "2026-10-31 12:00", {"2026-11-01 05:30", "2026-11-02 06:30"}},
      // Lord Howe Island changes by half an hour, at 02:00: 4 October 2026 forward, 5 April back.
      {"15 2 * * *", "Australia/Lord_Howe", "2026-10-03 00:00", {"2026-10-03 15:30", "2026-10-04 15:15"}},
      {"45 1 * * *", "Australia/Lord_Howe", "2026-04-04 00:00", {"2026-04-04 14:45", "2026-04-05 15:15"}},
      // Cairo skips midnight itself on 24 April 2026; Havana shows the hour after midnight twice on 2 November 2025.
      {"0 0 * * *", "Africa/Cairo", "2026-04-23 00:00", {"2026-04-23 22:00", "2026-04-24 21:00"}},
      {"*/20 0 * * *", "Africa/Cairo", "2026-04-23 00:00", {"2026-04-24 21:00"}},
      {"30 0 * * *", "America/Havana", "2025-11-01 12:00", {"2025-11-02 04:30", "2025-11-03 05:30"}},
      // No change: half-hour zones and UTC.
      {"30 2 * * *", "Asia/Kolkata", "2026-03-28 22:00", {"2026-03-29 21:00"}},
      {"30 2 * * *", "UTC", "2026-03-28 12:00", {"2026-03-29 02:30"}},
  };
  for (const auto& one : cases) Check(one);
}

TEST(Cron, CountsWhatWasDueWhileNobodyLooked) {
  const auto cron = Parsed("0 0 * * 0");
  const auto due = DueBetween(cron, {}, At("2026-03-01 00:00"), At("2026-03-22 00:00"));
  EXPECT_EQ(due.count, 3);
  EXPECT_EQ(Shown(due.first), "2026-03-08 00:00");
  EXPECT_EQ(Shown(due.last), "2026-03-22 00:00");
  EXPECT_EQ(DueBetween(cron, {}, At("2026-03-01 00:00"), At("2026-03-07 23:59")), DueTimes{});
  EXPECT_EQ(DueBetween(cron, {}, At("2026-03-09 00:00"), At("2026-03-01 00:00")), DueTimes{}) << "the clock went back";
  EXPECT_EQ(DueBetween(Parsed("* * * * *"), {}, At("2026-03-01 00:00"), At("2036-03-01 00:00"), 50).count, 50);
}

TEST(Jitter, IsTheSameForTheSameSeedAndTimeAndSpreadsOverItsRange) {
  const Instant planned = At("2026-03-01 00:00");
  EXPECT_EQ(JitterOf(1, planned, milliseconds(0)), milliseconds(0));
  EXPECT_EQ(JitterOf(1, planned, minutes(10)), JitterOf(1, planned, minutes(10)));
  EXPECT_NE(JitterOf(1, planned, minutes(10)), JitterOf(2, planned, minutes(10)));
  int early = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const auto late = JitterOf(seed, planned, minutes(10));
    ASSERT_GE(late, milliseconds(0));
    ASSERT_LT(late, minutes(10));
    early += late < minutes(5) ? 1 : 0;
  }
  EXPECT_GT(early, 150);  // binomial(400, 1/2) is below 151 or above 249 with probability 1e-6
  EXPECT_LT(early, 250);
}

}  // namespace
}  // namespace retrain::decide
