#include "retrain/app/daemon/plan.h"

#include <algorithm>
#include <cmath>

namespace retrain::app {
namespace {

using std::chrono::milliseconds;

milliseconds Until(Steady moment, Steady now) {
  const double left_s = (moment - now).count();
  if (left_s <= 0) return milliseconds(0);
  return std::chrono::ceil<milliseconds>(Steady(std::min(left_s, 1e9)));
}

milliseconds Until(Instant at, Instant now) {
  if (at == kNoInstant) return kNoWait;
  return at <= now ? milliseconds(0) : milliseconds(at - now);
}

// When a burst of changes is over; kNoWait: nothing has changed.
milliseconds UntilQuiet(const Situation& s) {
  if (!s.first_change || !s.last_change) return kNoWait;
  return std::min(Until(*s.last_change + kQuiet, s.steady), Until(*s.first_change + kLongestBurst, s.steady));
}

// Triggers are looked at beside a run too: what it means that one fires then is the policy's matter.
Step WhileItRuns(const Situation& s) {
  const milliseconds quiet = UntilQuiet(s);
  if (quiet == milliseconds(0)) return {Act::kLook, "files have changed beside a run"};
  const milliseconds look = std::max(Until(s.look_at, s.now), Until(s.retry_at, s.steady));
  if (look == milliseconds(0)) return {Act::kLook, "the time of a trigger has come beside a run"};
  return {Act::kWait, "a run is under way", std::min(quiet, look)};
}

}  // namespace

Step DecideStep(const Situation& s) {
  if (s.stops) return {Act::kWait, "the daemon stops"};
  if (s.works) return {Act::kWait, "a thread is at work"};
  if (s.runs) return WhileItRuns(s);
  const milliseconds retry = Until(s.retry_at, s.steady);
  const bool may_begin = retry == milliseconds(0);
  if (!s.examined && (may_begin || s.asked > 0)) return {Act::kExamine, "not looked at since the daemon began"};
  if (s.fired && s.replaces && may_begin) return {Act::kRunFired, "a trigger's run takes the place of another"};
  if (s.unfinished && (may_begin || s.asked > 0)) return {Act::kResume, "a run was interrupted"};
  if (s.asked > 0) return {Act::kRunAsked, "somebody asked"};
  if (!s.examined || s.unfinished) return {Act::kWait, "an error has to pass first", retry};
  if (s.fired && may_begin) return {Act::kRunFired, "a trigger has fired"};
  const milliseconds quiet = UntilQuiet(s);
  if (quiet == milliseconds(0)) return {Act::kLook, "files have changed"};
  const milliseconds look = std::max(Until(s.look_at, s.now), retry);
  if (look == milliseconds(0)) return {Act::kLook, "the time of a trigger has come"};
  const milliseconds scan = Until(s.scan_at, s.steady);
  if (scan == milliseconds(0)) return {Act::kScan, "the watch may have missed something"};
  return {Act::kWait, "nothing is to be done", std::min({quiet, look, scan, s.fired ? retry : kNoWait})};
}

milliseconds RetryDelay(int errors) {
  constexpr milliseconds kFirst(5'000);
  constexpr milliseconds kLast(900'000);
  return std::min(kLast, kFirst * (std::int64_t{1} << std::clamp(errors - 1, 0, 20)));
}

std::optional<milliseconds> ClockWatch::Observe(Instant now, Steady steady) {
  constexpr double kJump_s = 1;
  const double offset_s = static_cast<double>(now.time_since_epoch().count()) / 1e3 - steady.count();
  const double moved_s = offset_s_ ? offset_s - *offset_s_ : 0;
  offset_s_ = offset_s;
  if (std::abs(moved_s) <= kJump_s) return {};
  return milliseconds(std::llround(moved_s * 1e3));
}

}  // namespace retrain::app
