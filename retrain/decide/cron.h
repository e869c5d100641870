#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "retrain/base/clock.h"
#include "retrain/base/time_zone.h"

namespace retrain::decide {

// A time-table in the five fields of cron: minute, hour, day of month, month, weekday (0 and 7 are Sunday). Each is `*`
// or a list of numbers, names (jan, mon), ranges and steps; the day of month knows `L` (the last one), the weekday
// `fri#2` (the second of the month) and `friL` (its last); also @hourly, @daily, @midnight, @weekly, @monthly, @yearly
// and @annually. As in Debian's cron:
// - Day of month and weekday both count when one of them begins with `*`; otherwise either is enough.
// - A time that names its minute and its hour runs once a matching day: where the clocks skip it, at the moment of the
//   skip; where they show it twice, the first time. One with `*` in minute or hour follows the clocks as they are.
// A value. Parse() refuses what never comes.
class Cron final {
 public:
  static Result<Cron> Parse(std::string_view text);  // E0102; E0105 for a day that no year has

  // The first time after `after`, or none when the calendar of the next 400 years has none in this zone.
  std::optional<Instant> NextAfter(const TimeZone& zone, Instant after) const;

  const std::string& text() const { return text_; }
  bool operator==(const Cron&) const = default;

 private:
  friend class CronParser;
  using LocalMinutes = std::chrono::local_time<std::chrono::minutes>;

  bool Matches(std::chrono::year_month_day day) const;
  std::optional<LocalMinutes> FirstFrom(LocalMinutes from, LocalMinutes end) const;
  std::optional<std::chrono::minutes> TimeOfDayFrom(std::chrono::minutes from) const;
  std::optional<Instant> NextFollowing(const TimeZone& zone, Instant after) const;

  std::string text_;
  std::uint64_t minutes_ = 0;  // bit m: minute m
  std::uint64_t hours_ = 0;
  std::uint64_t days_ = 0;
  std::uint64_t months_ = 0;
  std::uint64_t weekdays_ = 0;                  // bit 0: Sunday
  std::uint64_t last_weekdays_ = 0;             // the last of the month
  std::array<std::uint64_t, 5> nth_weekday_{};  // the first … fifth of the month
  bool last_day_ = false;
  bool both_days_ = false;       // day of month and weekday, instead of either
  bool follows_clocks_ = false;  // `*` in minute or hour
};

// The planned times after `after` and not after `now`: how many, and which. Counting ends at `most`.
struct DueTimes {
  std::int64_t count = 0;
  std::optional<Instant> first;
  std::optional<Instant> last;

  bool operator==(const DueTimes&) const = default;
};
DueTimes DueBetween(const Cron& cron, const TimeZone& zone, Instant after, Instant now, std::int64_t most = 100'000);

// How much later than planned a time runs, so that many pipelines do not start together: from 0 to below `most`,
// always the same for the same seed and planned time.
std::chrono::milliseconds JitterOf(std::uint64_t seed, Instant planned, std::chrono::milliseconds most);

}  // namespace retrain::decide
