#include "retrain/app/daemon/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace retrain::app {
namespace {

using std::chrono::milliseconds;

constexpr Instant kNow{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}};
constexpr Steady kSteady{1'000.0};

Steady Ago(double seconds) { return kSteady - Steady(seconds); }
Steady In(double seconds) { return kSteady + Steady(seconds); }

// A pipeline that was looked at and has nothing to do for a minute.
Situation Idle() { return {.now = kNow, .steady = kSteady, .examined = true, .scan_at = In(60), .retry_at = Ago(1)}; }

TEST(DecideStep, TakesTheFirstThingThatIsToBeDone) {
  struct Case {
    const char* situation;
    Situation given;
    Act act;
    milliseconds wait;
  };
  std::vector<Case> cases;
  const auto add = [&](const char* name, auto change, Act act, milliseconds wait = kNoWait) {
    Situation given = Idle();
    change(given);
    cases.push_back({name, given, act, wait});
  };
  using S = Situation;
  add("nothing: wait for the next scan", [](S&) {}, Act::kWait, milliseconds(60'000));
  add("the daemon began", [](S& s) { s.examined = false; }, Act::kExamine);
  add(
      "it began, and an error has to pass", [](S& s) { s.examined = false, s.retry_at = In(5); }, Act::kWait,
      milliseconds(5'000));
  add("the same, and somebody asks", [](S& s) { s.examined = false, s.retry_at = In(5), s.asked = 1; }, Act::kExamine);
  add("a run was interrupted", [](S& s) { s.unfinished = true; }, Act::kResume);
  add("interrupted, and somebody asks: that one first", [](S& s) { s.unfinished = true, s.asked = 1; }, Act::kResume);
  add(
      "interrupted by a full disk a moment ago", [](S& s) { s.unfinished = true, s.retry_at = In(10); }, Act::kWait,
      milliseconds(10'000));
  add("somebody asks", [](S& s) { s.asked = 2; }, Act::kRunAsked);
  add("somebody asks although the last try failed", [](S& s) { s.asked = 1, s.retry_at = In(9); }, Act::kRunAsked);
  add("somebody asks, and a trigger fired", [](S& s) { s.asked = 1, s.fired = true; }, Act::kRunAsked);
  add("a trigger fired", [](S& s) { s.fired = true; }, Act::kRunFired);
  add(
      "a trigger fired after an error", [](S& s) { s.fired = true, s.retry_at = In(3); }, Act::kWait,
      milliseconds(3'000));
  add("a file was written just now", [](S& s) { s.first_change = s.last_change = Ago(0); }, Act::kWait, kQuiet);
  add("a file was written and it is quiet since", [](S& s) { s.first_change = s.last_change = Ago(.02); }, Act::kLook);
  add("files are written without an end", [](S& s) { s.first_change = Ago(.07), s.last_change = Ago(0); }, Act::kLook);
  add(
      "a file was written although the last look failed",
      [](S& s) { s.first_change = s.last_change = Ago(1), s.retry_at = In(9); }, Act::kLook);
  add("a time has come", [](S& s) { s.look_at = kNow; }, Act::kLook);
  add("a time has come long ago: the daemon slept", [](S& s) { s.look_at = kNow - std::chrono::days(9); }, Act::kLook);
  add("a time will come", [](S& s) { s.look_at = kNow + milliseconds(700); }, Act::kWait, milliseconds(700));
  add(
      "a time will come after the scan", [](S& s) { s.look_at = kNow + std::chrono::hours(5); }, Act::kWait,
      milliseconds(60'000));
  add(
      "a time has come and an error has to pass", [](S& s) { s.look_at = kNow, s.retry_at = In(4); }, Act::kWait,
      milliseconds(4'000));
  add("a scan is due", [](S& s) { s.scan_at = Ago(0); }, Act::kScan);
  add("a run is under way, whatever else", [](S& s) { s.runs = true, s.asked = 1, s.fired = true; }, Act::kWait);
  add("a file comes beside a run", [](S& s) { s.runs = true, s.first_change = s.last_change = Ago(1); }, Act::kLook);
  add("a time comes beside a run", [](S& s) { s.runs = true, s.look_at = kNow; }, Act::kLook);
  add(
      "a time comes beside a run, and the last look failed",
      [](S& s) { s.runs = true, s.look_at = kNow, s.retry_at = In(2); }, Act::kWait, milliseconds(2'000));
  add("no scan beside a run", [](S& s) { s.runs = true, s.scan_at = Ago(0); }, Act::kWait);
  add(
      "what replaces a run goes before it is taken up",
      [](S& s) { s.unfinished = true, s.fired = true, s.replaces = true; }, Act::kRunFired);
  add("a thread is at it, whatever else", [](S& s) { s.works = true, s.asked = 1, s.fired = true; }, Act::kWait);
  add("the daemon stops, whatever else", [](S& s) { s.stops = true, s.asked = 1, s.unfinished = true; }, Act::kWait);
  for (const auto& c : cases) {
    const Step step = DecideStep(c.given);
    EXPECT_EQ(step.act, c.act) << c.situation << ": " << step.reason;
    EXPECT_EQ(step.wait, c.wait) << c.situation << ": " << step.reason;
  }
}

TEST(RetryDelay, DoublesUpToAQuarterOfAnHour) {
  EXPECT_EQ(RetryDelay(1), milliseconds(5'000));
  EXPECT_EQ(RetryDelay(2), milliseconds(10'000));
  EXPECT_EQ(RetryDelay(8), milliseconds(640'000));
  EXPECT_EQ(RetryDelay(9), milliseconds(900'000));
  EXPECT_EQ(RetryDelay(1'000'000), milliseconds(900'000));
}

TEST(ClockWatch, TellsASetClockFromOneThatRuns) {
  ClockWatch watch;
  EXPECT_EQ(watch.Observe(kNow, kSteady), std::nullopt) << "the first look has nothing to compare with";
  EXPECT_EQ(watch.Observe(kNow + std::chrono::hours(3), In(3 * 3600)), std::nullopt) << "time passed";
  EXPECT_EQ(watch.Observe(kNow + std::chrono::hours(3) + milliseconds(800), In(3 * 3600)), std::nullopt) << "slewed";
  EXPECT_EQ(watch.Observe(kNow + std::chrono::hours(2), In(3 * 3600 + 1)), milliseconds(-3'601'800)) << "set back";
  EXPECT_EQ(watch.Observe(kNow + std::chrono::hours(2), In(3 * 3600 + 1)), std::nullopt) << "and is told once";
  EXPECT_EQ(watch.Observe(kNow + std::chrono::hours(9), In(3 * 3600 + 2)), milliseconds(25'199'000)) << "set ahead";
}

}  // namespace
}  // namespace retrain::app
