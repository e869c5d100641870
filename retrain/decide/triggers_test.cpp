#include "retrain/decide/triggers.h"

#include <gmock/gmock.h>

namespace retrain::decide {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

const Instant kSunday = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);  // midnight

// A week after a first champion; nothing has happened.
TriggerSnapshot Quiet() {
  TriggerSnapshot seen{.now = kSunday + hours(12), .champion = 1, .champion_since = kSunday - days(7)};
  seen.pending = seen.untried = {.rows = 5'000, .files = 2, .bytes = 80'000, .oldest = kSunday + hours(1)};
  return seen;
}

TriggerOptions Weekly() {
  auto trigger = DefaultTrigger("scheduled");
  trigger.cron = "0 0 * * 0";
  return trigger;
}

DriftWindow Window(double effect, double chance) {
  return {.first_chunk = 2,
          .last_chunk = 3,
          .rows = 5'000,
          .columns = 9,
          .drifted = chance <= 0.05 ? 1 : 0,
          .chance = chance,
          .column = "distance",
          .effect = effect,
          .lower = effect / 2,
          .upper = effect * 2};
}

// What a trigger says in one look, and what is remembered of it.
struct Said {
  TriggerAnswer answer;
  std::optional<TriggeredRun> run;
  TriggerStates states;
};

Said Look(const TriggerOptions& trigger, const TriggerSnapshot& seen, const TriggerStates& states = {},
          const TriggerLimits& limits = {}) {
  auto answer = DecideTriggers({trigger}, limits, seen, states);
  EXPECT_EQ(answer.triggers.size(), limits.max_model_age.count() > 0 ? 2U : 1U);
  EXPECT_EQ(DecideTriggers({trigger}, limits, seen, states), answer) << "the same snapshot gives the same answer";
  return {answer.triggers[0], answer.run, answer.states};
}

TEST(ManualTrigger, WaitsForSomebodyWhoAsks) {
  const auto said = Look(DefaultTrigger("manual"), Quiet());
  EXPECT_FALSE(said.answer.decision.fired);
  EXPECT_EQ(said.answer.decision.action, "wait");
  EXPECT_EQ(said.answer.decision.reason, "fires when somebody asks for a run");
  EXPECT_FALSE(said.run);
}

struct ScheduleCase {
  const char* story;
  Missed missed;
  Instant since;  // planned times up to here are dealt with
  Instant now;
  bool fires;
  const char* reason;
  Instant dealt_with;
};

TEST(ScheduledTrigger, MeetsItsTimesAndCatchesUpWithMissedOnesByPolicy) {
  const Instant next = kSunday + days(7);
  const ScheduleCase cases[] = {
      {"not yet", Missed::kOnce, kSunday, next - minutes(1), false, "next at 2026-03-08 00:00 UTC", kSunday},
      {"in time", Missed::kOnce, kSunday, next, true, "planned for 2026-03-08 00:00 UTC, on time", next},
      {"within its grace", Missed::kSkip, kSunday, next + seconds(60), true, "on time", next},
      {"slept over, skip", Missed::kSkip, kSunday, next + hours(9), false, "missed times are skipped", next},
      {"slept over, once", Missed::kOnce, kSunday, next + hours(9), true, "missed then and caught up", next},
      {"three weeks away, once", Missed::kOnce, kSunday, next + days(15), true,
       "planned for 2026-03-22 00:00 UTC, missed then and caught up; 2 before it missed too, one run stands for all",
       next + days(14)},
      {"three weeks away, all", Missed::kAll, kSunday, next + days(15), true,
       "planned for 2026-03-08 00:00 UTC, missed then and caught up; 2 more to catch up", next},
      {"three weeks away, skip", Missed::kSkip, kSunday, next + days(15), false, "missed times are skipped",
       next + days(14)},
      {"the clock went back", Missed::kAll, next, next - days(3), false, "next at 2026-03-15 00:00 UTC", next},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto trigger = Weekly();
    trigger.missed = c.missed;
    auto seen = Quiet();
    seen.now = c.now;
    const TriggerStates states = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = c.since}}};
    const auto said = Look(trigger, seen, states);
    EXPECT_EQ(said.answer.decision.fired, c.fires);
    EXPECT_THAT(said.answer.decision.reason, HasSubstr(c.reason));
    EXPECT_EQ(said.states.at("scheduled").planned_until, c.dealt_with);
    EXPECT_EQ(said.run.has_value(), c.fires);
    EXPECT_FALSE(Look(trigger, seen, said.states).answer.decision.fired && c.missed != Missed::kAll)
        << "the same time never fires twice";
  }
}

TEST(ScheduledTrigger, RunsEachMissedTimeOnceWhenAllAreAskedFor) {
  auto trigger = Weekly();
  trigger.missed = Missed::kAll;
  auto seen = Quiet();
  seen.now = kSunday + days(22);
  TriggerStates states = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = kSunday}}};
  int fired = 0;
  for (int look = 0; look < 6; ++look) {
    auto said = Look(trigger, seen, states);
    fired += said.run ? 1 : 0;
    states = said.states;
  }
  EXPECT_EQ(fired, 3);
}

TEST(ScheduledTrigger, CountsFromTheFirstLook) {
  auto seen = Quiet();
  const auto first = Look(Weekly(), seen);
  EXPECT_FALSE(first.run) << "times before anybody looked were not missed";
  seen.now = kSunday + days(7);
  EXPECT_TRUE(Look(Weekly(), seen, first.states).run);
}

TEST(ScheduledTrigger, StartsLaterByItsJitterAndKeepsThePlannedTime) {
  auto trigger = Weekly();
  trigger.jitter = hours(2);
  auto seen = Quiet();
  const Instant planned = kSunday + days(7);
  TriggerStates states = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = kSunday}}};
  const auto before = Look(trigger, seen, states);
  ASSERT_TRUE(before.answer.looks_again);
  const Instant starts = *before.answer.looks_again;
  EXPECT_GT(starts, planned);
  EXPECT_LT(starts, planned + hours(2));
  seen.now = starts - seconds(1);
  EXPECT_FALSE(Look(trigger, seen, states).run);
  seen.now = starts;
  const auto said = Look(trigger, seen, states);
  EXPECT_TRUE(said.run);
  EXPECT_EQ(said.states.at("scheduled").planned_until, planned);
}

struct DriftCase {
  const char* story;
  std::vector<DriftWindow> windows;
  Windows asked;
  bool fires;
  const char* reason;
};

TEST(DriftTrigger, FiresByEnoughWindowsOrByOneThatIsAsSure) {
  const auto drifts = Window(0.3, 0.03);
  const auto stable = Window(0.02, 0.8);
  const auto glaring = Window(9, 1e-12);
  const DriftCase cases[] = {
      {"nothing drifts", {stable, stable, stable}, {2, 3}, false, "0 of the last 3 windows drifted, 2 of 3 asked for"},
      {"one of three is no proof", {stable, stable, drifts}, {2, 3}, false, "1 of the last 3 windows drifted"},
      {"two of three are", {drifts, stable, drifts}, {2, 3}, true, "2 of the last 3 windows drifted"},
      {"two, and no third yet", {drifts, drifts}, {2, 3}, true, "2 of the last 2 windows drifted"},
      {"two, but long ago", {drifts, drifts, stable, stable}, {2, 3}, false, "1 of the last 3 windows drifted"},
      {"the first window of all, glaring", {glaring}, {2, 3}, true, "this one alone is as sure (p 1e-12)"},
      {"one window is enough when one is asked for", {drifts}, {1, 1}, true, "1 of the last 1 window drifted"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto trigger = DefaultTrigger("drift_detected");
    trigger.windows = c.asked;
    auto seen = Quiet();
    seen.measured["drift_detected"].windows = c.windows;
    const auto said = Look(trigger, seen);
    EXPECT_EQ(said.answer.decision.fired, c.fires) << said.answer.decision.reason;
    EXPECT_THAT(said.answer.decision.reason, HasSubstr(c.reason));
    EXPECT_THAT(said.answer.decision.numbers, ::testing::Contains(std::pair<std::string, double>("threshold", 0.1)));
  }
}

TEST(DriftTrigger, OneWindowAloneIsHeldToTheFalseAlarmRateOfAllTogether) {
  EXPECT_NEAR(FalseAlarmsOf({2, 3}, 0.05), 3 * 0.05 * 0.05 - 2 * 0.05 * 0.05 * 0.05, 1e-12);  // 3p² - 2p³
  EXPECT_NEAR(FalseAlarmsOf({1, 1}, 0.05), 0.05, 1e-12);
  auto seen = Quiet();
  seen.measured["drift_detected"].windows = {Window(0.4, 0.0072)};
  EXPECT_TRUE(Look(DefaultTrigger("drift_detected"), seen).run);
  seen.measured["drift_detected"].windows = {Window(0.4, 0.0073)};
  EXPECT_FALSE(Look(DefaultTrigger("drift_detected"), seen).run);
}

struct DropCase {
  const char* story;
  PerformanceDrop drop;
  bool fires;
  const char* reason;
};

TEST(PerformanceTrigger, FiresWhenTheDropReachesTheThresholdAndIsCertain) {
  const Instant today = kSunday + hours(10);
  const DropCase cases[] = {
      {"better than before", {.9, .92, -.02, -.04, .95, 800, 1'500, today}, false, "accuracy has not fallen: 0.9000"},
      {"below the threshold", {.9, .87, .03, .01, .95, 800, 1'500, today}, false, "fell by 0.0300"},
      {"reached, but it may be nothing",
       {.9, .84, .06, -.01, .95, 800, 1'500, today},
       false,
       "which may be nothing (lower bound -0.0100)"},
      {"reached and certain",
       {.9, .8, .1, .06, .95, 800, 1'500, today},
       true,
       "accuracy fell by 0.1000 from 0.9000 to 0.8000 on 800 labelled rows, at least 0.0600 of it certain"},
      {"too few labels", {.9, .5, .4, .3, .95, 199, 1'500, today}, false, "1 short of min_labelled (200)"},
      {"labels of another time", {.9, .5, .4, .3, .95, 800, 1'500, today - days(40)}, false, "max_label_delay (30 d)"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto trigger = DefaultTrigger("performance_drop");
    trigger.metric = "accuracy";
    trigger.max_label_delay = days(30);
    auto seen = Quiet();
    seen.measured["performance_drop"].drop = c.drop;
    const auto said = Look(trigger, seen);
    EXPECT_EQ(said.answer.decision.fired, c.fires) << said.answer.decision.reason;
    EXPECT_THAT(said.answer.decision.reason, HasSubstr(c.reason));
  }
}

TEST(PerformanceTrigger, SaysWhatItWaitsForWhenThereIsNothingToMeasure) {
  auto seen = Quiet();
  seen.measured["performance_drop"].why_not = "there is no champion yet";
  const auto said = Look(DefaultTrigger("performance_drop"), seen);
  EXPECT_FALSE(said.run);
  EXPECT_EQ(said.answer.waits_for, "there is no champion yet");
}

TEST(NewDataTrigger, CountsRowsBytesOrAgeOfWhatNoRunHasTried) {
  auto by_rows = DefaultTrigger("new_data");
  by_rows.min_new_samples = 5'001;
  EXPECT_THAT(Look(by_rows, Quiet()).answer.decision.reason, HasSubstr("5,000 new rows in 2 files"));
  EXPECT_FALSE(Look(by_rows, Quiet()).run);
  by_rows.min_new_samples = 5'000;
  EXPECT_TRUE(Look(by_rows, Quiet()).run);
  auto by_bytes = DefaultTrigger("new_data");
  by_bytes.min_bytes = 80'001;
  EXPECT_FALSE(Look(by_bytes, Quiet()).run);
  by_bytes.min_bytes = 80'000;
  EXPECT_TRUE(Look(by_bytes, Quiet()).run);
  auto by_age = DefaultTrigger("new_data");
  by_age.max_age = hours(12);
  const auto young = Look(by_age, Quiet());
  EXPECT_FALSE(young.run);
  EXPECT_EQ(young.answer.looks_again, kSunday + hours(13));
  by_age.max_age = hours(11);
  EXPECT_TRUE(Look(by_age, Quiet()).run);
}

TEST(NewDataTrigger, MayFireTwiceInARowBecauseEachRunTriesWhatThereWas) {
  auto trigger = DefaultTrigger("new_data");
  trigger.min_new_samples = 1'000;
  const auto first = Look(trigger, Quiet());
  ASSERT_TRUE(first.run);
  auto next_day = Quiet();
  next_day.now += days(1);
  EXPECT_TRUE(Look(trigger, next_day, first.states).run);
}

TEST(Triggers, RestAfterTheyFiredAndReArmWhenTheyWereClear) {
  const auto trigger = DefaultTrigger("drift_detected");  // rests a day
  auto drifting = Quiet();
  drifting.measured["drift_detected"].windows = {Window(9, 1e-12)};
  auto clear = Quiet();
  clear.measured["drift_detected"].windows = {Window(0.01, 0.9)};
  const auto at = [](TriggerSnapshot seen, std::chrono::hours later) {
    seen.now += later;
    return seen;
  };
  auto said = Look(trigger, drifting);
  ASSERT_TRUE(said.run);
  said = Look(trigger, at(drifting, hours(1)), said.states);
  EXPECT_FALSE(said.run);
  EXPECT_THAT(said.answer.decision.reason, HasSubstr("has not been clear since"));
  said = Look(trigger, at(drifting, hours(48)), said.states);
  EXPECT_FALSE(said.run) << "still the same drift";
  const auto was_clear = Look(trigger, at(clear, hours(49)), said.states);
  EXPECT_TRUE(Look(trigger, at(drifting, hours(50)), was_clear.states).run) << "a new drift after a clear time";

  const auto soon_clear = Look(trigger, at(clear, hours(2)), Look(trigger, drifting).states);
  said = Look(trigger, at(drifting, hours(3)), soon_clear.states);
  EXPECT_FALSE(said.run) << "drifting twice within the cooldown fires once";
  EXPECT_THAT(said.answer.decision.reason, HasSubstr("rests until 2026-03-02 12:00 UTC (cooldown 1 d)"));
  EXPECT_EQ(said.answer.looks_again, kSunday + hours(36));
}

TEST(Triggers, ReArmWhenAnotherChampionHasCome) {
  const auto trigger = DefaultTrigger("drift_detected");
  auto seen = Quiet();
  seen.measured["drift_detected"].windows = {Window(9, 1e-12)};
  const auto first = Look(trigger, seen);
  seen.now += hours(48);
  EXPECT_FALSE(Look(trigger, seen, first.states).run);
  seen.champion = 2;
  EXPECT_TRUE(Look(trigger, seen, first.states).run);
}

TEST(Triggers, WithoutHysteresisFireAgainAfterTheirCooldown) {
  auto trigger = DefaultTrigger("drift_detected");
  trigger.hysteresis = false;
  auto seen = Quiet();
  seen.measured["drift_detected"].windows = {Window(9, 1e-12)};
  const auto first = Look(trigger, seen);
  seen.now += hours(23);
  EXPECT_FALSE(Look(trigger, seen, first.states).run);
  seen.now += hours(1);
  EXPECT_TRUE(Look(trigger, seen, first.states).run);
}

TEST(Triggers, AreHeldByTheLimitsOfTheDayAndAPlannedTimeIsNotLost) {
  auto seen = Quiet();
  seen.now = kSunday + days(7);
  seen.runs_today = 2;
  seen.today_eases = seen.now + hours(5);
  const TriggerStates states = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = kSunday}}};
  const auto held = Look(Weekly(), seen, states, {.max_runs_per_day = 2});
  EXPECT_FALSE(held.run);
  EXPECT_THAT(held.answer.decision.reason, HasSubstr("but 2 runs began in the last 24 hours, max_runs_per_day is 2"));
  EXPECT_EQ(held.answer.looks_again, seen.today_eases);
  seen.runs_today = 1;
  seen.now += hours(5);
  EXPECT_TRUE(Look(Weekly(), seen, held.states, {.max_runs_per_day = 2}).run);
  seen.training_seconds_today = 3'600;
  EXPECT_THAT(Look(Weekly(), seen, held.states, {.max_training_seconds_per_day = 3'600}).answer.decision.reason,
              HasSubstr("training took 3600 s"));
}

TEST(Triggers, OtherThanSchedulesWaitForAsManyRowsAsARunTakes) {
  auto trigger = DefaultTrigger("drift_detected");
  auto seen = Quiet();
  seen.measured["drift_detected"].windows = {Window(9, 1e-12)};
  seen.min_new_samples = 6'000;
  const auto held = Look(trigger, seen);
  EXPECT_FALSE(held.run);
  EXPECT_THAT(held.answer.decision.reason, HasSubstr("5,000 pending rows in 2 files of the 6,000 that a run takes"));
  trigger.strategy = "full";
  EXPECT_TRUE(Look(trigger, seen).run) << "a full training reads all history";
}

TEST(Triggers, FollowTheOverlapPolicyWhileARunIsUnderWay) {
  auto seen = Quiet();
  seen.now = kSunday + days(7);
  seen.run_under_way = 4;
  const TriggerStates states = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = kSunday}}};

  const auto skipped = Look(Weekly(), seen, states, {.overlap = Overlap::kSkip});
  EXPECT_EQ(skipped.answer.decision.action, "skip");
  EXPECT_FALSE(skipped.run);

  const auto replaced = Look(Weekly(), seen, states, {.overlap = Overlap::kReplace});
  EXPECT_EQ(replaced.answer.decision.action, "replace");
  ASSERT_TRUE(replaced.run);
  EXPECT_TRUE(replaced.run->replaces);

  const auto queued = Look(Weekly(), seen, states, {.overlap = Overlap::kQueue});
  EXPECT_EQ(queued.answer.decision.action, "queue");
  EXPECT_FALSE(queued.run);
  EXPECT_EQ(Look(Weekly(), seen, queued.states).answer.waits_for, "the end of run 4");
  seen.run_under_way = 0;
  seen.now += hours(1);
  const auto after = Look(Weekly(), seen, queued.states);
  ASSERT_TRUE(after.run);
  EXPECT_FALSE(Look(Weekly(), seen, after.states).run) << "once";
  seen.run_under_way = 0;
  EXPECT_FALSE(Look(Weekly(), seen, skipped.states).run) << "let go for good";
}

TEST(Triggers, ThatFireTogetherShareOneRun) {
  auto schedule = Weekly();
  auto new_data = DefaultTrigger("new_data");
  new_data.min_new_samples = 10;
  new_data.strategy = "full";
  auto seen = Quiet();
  seen.now = kSunday + days(7);
  const TriggerStates states = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = kSunday}}};
  const auto answer = DecideTriggers({schedule, new_data}, {}, seen, states);
  ASSERT_TRUE(answer.run);
  EXPECT_EQ(answer.run->trigger, "scheduled");
  EXPECT_EQ(answer.run->strategy, "full");
  EXPECT_THAT(answer.run->reason, HasSubstr("on time; and new_data: 5,000 new rows"));
}

TEST(ComposedTriggers, FireByAnyOrByAllOfTheirParts) {
  auto any = DefaultTrigger("any_of");
  any.of = {Weekly(), DefaultTrigger("drift_detected")};
  auto all = any;
  all.type = "all_of";
  auto seen = Quiet();
  seen.now = kSunday + days(7);
  const auto states = [](const char* whole) {
    const std::string part = std::string(whole) + "/scheduled";
    return TriggerStates{{part, {.name = part, .since = kSunday, .planned_until = kSunday}}};
  };
  seen.measured["any_of/drift_detected"].windows = seen.measured["all_of/drift_detected"].windows = {Window(.01, .9)};
  EXPECT_TRUE(Look(any, seen, states("any_of")).run);
  const auto sunday_without_drift = Look(all, seen, states("all_of"));
  EXPECT_FALSE(sunday_without_drift.run);
  EXPECT_EQ(sunday_without_drift.answer.value, "1 of 2");

  seen.now += days(3);  // Wednesday
  seen.measured["any_of/drift_detected"].windows = seen.measured["all_of/drift_detected"].windows = {Window(9, 1e-12)};
  EXPECT_FALSE(Look(all, seen, sunday_without_drift.states).run) << "Sunday is over";
  seen.now += days(4);
  const auto sunday_with_drift = Look(all, seen, sunday_without_drift.states);
  ASSERT_TRUE(sunday_with_drift.run);
  EXPECT_THAT(sunday_with_drift.run->reason, HasSubstr("on time; and drift_detected: PSI 9"));
}

TEST(MaxModelAge, IsAReasonToRetrain) {
  auto seen = Quiet();
  const TriggerLimits limits{.max_model_age = days(7)};
  const auto answer = DecideTriggers({}, limits, seen, {});
  ASSERT_TRUE(answer.run);
  EXPECT_EQ(answer.run->trigger, "max_model_age");
  EXPECT_EQ(answer.run->reason, "champion 1 is of 2026-02-22 00:00 UTC, 7 d is the limit");
  seen.champion_since += days(1);
  const auto young = DecideTriggers({}, limits, seen, {});
  EXPECT_FALSE(young.run);
  EXPECT_EQ(young.triggers[0].looks_again, kSunday + days(1));
  seen.champion = 0;
  EXPECT_FALSE(DecideTriggers({}, limits, seen, {}).run);
}

TEST(Triggers, CountAsFiredWhenSomebodyAsksForARunByTheirName) {
  auto seen = Quiet();
  seen.now = kSunday + days(8);
  const TriggerStates before = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = kSunday}}};
  ASSERT_TRUE(Look(Weekly(), seen, before).run);
  const auto after = FireByHand({Weekly(), DefaultTrigger("drift_detected")}, "scheduled", seen, before);
  EXPECT_FALSE(Look(Weekly(), seen, after).run) << "its planned time is dealt with";
  EXPECT_EQ(after.at("scheduled").fired_at, seen.now);
  EXPECT_EQ(after.at("drift_detected"), (TriggerState{.name = "drift_detected", .since = seen.now}));
  EXPECT_TRUE(Look(Weekly(), seen, FireByHand({Weekly()}, "manual", seen, before)).run)
      << "another name, another reason";
}

TEST(TriggerNames, AreTheUsersOrTheTypeAndNeverTwice) {
  auto named = DefaultTrigger("scheduled");
  named.name = "nightly";
  EXPECT_EQ(NameTriggers({DefaultTrigger("scheduled"), named, DefaultTrigger("scheduled"), DefaultTrigger("manual")}),
            (std::vector<std::string>{"scheduled", "nightly", "scheduled-2", "manual"}));
}

TEST(TriggerState, ComesBackFromItsJson) {
  const TriggerState state{.name = "a/b",
                           .since = kSunday,
                           .planned_until = kSunday + days(1),
                           .fired_at = kSunday + days(2),
                           .fired_against = 3,
                           .armed = false,
                           .queued = true};
  const auto back = TriggerStateFromJson(ToJson(state));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, state);
  const TriggerState fresh{.name = "new", .since = kSunday};
  EXPECT_EQ(*TriggerStateFromJson(ToJson(fresh)), fresh);
  EXPECT_FALSE(TriggerStateFromJson(Json()).ok());
}

TEST(Windows, AreReadAsSoManyOfSoMany) {
  EXPECT_EQ(ParseWindows("2 of 3"), (Windows{2, 3}));
  EXPECT_EQ(ToText(Windows{1, 1}), "1 of 1");
  for (const char* odd : {"", "2", "3 of 2", "0 of 3", "2 of", "two of three", "1 of 1000", "2 of 3x"})
    EXPECT_EQ(ParseWindows(odd), std::nullopt) << odd;
}

}  // namespace
}  // namespace retrain::decide
