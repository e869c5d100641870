#include "retrain/decide/cron.h"

#include <algorithm>
#include <bit>

#include "retrain/base/random.h"

namespace retrain::decide {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;
using std::chrono::seconds;
using std::chrono::year_month_day;

constexpr days kCalendar{146'097};  // 400 years: after them the Gregorian calendar begins anew

// The lowest bit set at `from` or above, or -1.
int BitFrom(std::uint64_t bits, int from) {
  if (from > 63) return -1;
  const std::uint64_t rest = bits >> from;
  return rest == 0 ? -1 : from + std::countr_zero(rest);
}

}  // namespace

bool Cron::Matches(year_month_day day) const {
  const auto number = static_cast<unsigned>(day.day());
  const auto last = static_cast<unsigned>((day.year() / day.month() / std::chrono::last).day());
  const unsigned weekday = std::chrono::weekday(local_days(day)).c_encoding();
  const bool by_day = (days_ >> number & 1U) != 0 || (last_day_ && number == last);
  const bool by_weekday = ((weekdays_ | nth_weekday_[(number - 1) / 7]) >> weekday & 1U) != 0 ||
                          (number + 7 > last && (last_weekdays_ >> weekday & 1U) != 0);
  return both_days_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<minutes> Cron::TimeOfDayFrom(minutes from) const {
  const int hour = static_cast<int>(from.count() / 60);
  if ((hours_ >> hour & 1U) != 0) {
    const int minute = BitFrom(minutes_, static_cast<int>(from.count() % 60));
    if (minute >= 0) return hours(hour) + minutes(minute);
  }
  const int later = BitFrom(hours_, hour + 1);
  if (later < 0) return std::nullopt;
  return hours(later) + minutes(BitFrom(minutes_, 0));
}

// The first match that a calendar shows at `from` or later, and before `end`.
std::optional<Cron::LocalMinutes> Cron::FirstFrom(LocalMinutes from, LocalMinutes end) const {
  auto day = std::chrono::floor<days>(from);
  auto earliest = from - day;
  while (day < end) {
    const year_month_day date(day);
    if ((months_ >> static_cast<unsigned>(date.month()) & 1U) == 0) {
      day = local_days(date.year() / date.month() / std::chrono::last) + days(1);
      earliest = {};
      continue;
    }
    const auto time = Matches(date) ? TimeOfDayFrom(std::chrono::duration_cast<minutes>(earliest)) : std::nullopt;
    if (time) {
      const LocalMinutes match = day + *time;
      return match < end ? std::optional(match) : std::nullopt;
    }
    day += days(1);
    earliest = {};
  }
  return std::nullopt;
}

std::optional<Instant> Cron::NextAfter(const TimeZone& zone, Instant after) const {
  if (follows_clocks_) return NextFollowing(zone, after);
  // FirstAt() never goes back when local time goes on, so that nothing before the local time of `after` can come later.
  const auto at = std::chrono::floor<seconds>(after);
  const auto shown = std::chrono::local_seconds((at + zone.At(at).offset).time_since_epoch());
  auto from = std::chrono::floor<minutes>(shown);
  const auto end = from + kCalendar;
  while (const auto match = FirstFrom(from, end)) {
    const Instant planned = zone.FirstAt(*match);
    if (planned > after) return planned;
    from = *match + minutes(1);
  }
  return std::nullopt;
}

// Goes through the stretches of one offset, in which clocks and time go alike.
std::optional<Instant> Cron::NextFollowing(const TimeZone& zone, Instant after) const {
  auto at = std::chrono::floor<seconds>(after) + seconds(1);
  const auto last = at + kCalendar;
  while (at < last) {
    const auto stretch = zone.At(at);
    const auto end = std::min(stretch.end, last);
    const auto from = std::chrono::local_seconds((at + stretch.offset).time_since_epoch());
    const auto until = std::chrono::local_seconds((end + stretch.offset).time_since_epoch());
    if (const auto match = FirstFrom(std::chrono::ceil<minutes>(from), std::chrono::ceil<minutes>(until)))
      return std::chrono::sys_seconds(match->time_since_epoch() - stretch.offset);
    at = end;
  }
  return std::nullopt;
}

DueTimes DueBetween(const Cron& cron, const TimeZone& zone, Instant after, Instant now, std::int64_t most) {
  DueTimes due;
  for (auto next = cron.NextAfter(zone, after); next && *next <= now && due.count < most;
       next = cron.NextAfter(zone, *next)) {
    if (!due.first) due.first = next;
    due.last = next;
    ++due.count;
  }
  return due;
}

std::chrono::milliseconds JitterOf(std::uint64_t seed, Instant planned, std::chrono::milliseconds most) {
  if (most.count() <= 0) return {};
  const auto at = static_cast<std::uint64_t>(planned.time_since_epoch().count());
  return std::chrono::milliseconds(Rng(seed ^ Rng(at).Next()).Below(static_cast<std::uint64_t>(most.count())));
}

}  // namespace retrain::decide
