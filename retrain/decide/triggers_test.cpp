#include <gmock/gmock.h>

#include "retrain/decide/trigger_snapshots.h"

namespace retrain::decide {
namespace {

using ::testing::HasSubstr;

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

TEST(Triggers, KeepAPlannedTimeWhileBrokenDataLetNoRunBegin) {
  auto weekly = Weekly();
  weekly.missed = Missed::kSkip;  // and still this time was not missed: it was met and could not be done
  auto seen = Quiet();
  seen.now = kSunday + days(7);
  seen.blocked = "feb.parquet is damaged";
  const TriggerStates states = {{"scheduled", {.name = "scheduled", .since = kSunday, .planned_until = kSunday}}};
  for (const auto overlap : {Overlap::kSkip, Overlap::kQueue, Overlap::kReplace}) {
    SCOPED_TRACE(Name(overlap));
    const TriggerLimits limits{.overlap = overlap};
    auto then = seen;
    const auto met = Look(weekly, then, states, limits);
    EXPECT_TRUE(met.answer.decision.fired);
    EXPECT_FALSE(met.run);
    EXPECT_EQ(met.answer.decision.action, "queue");
    EXPECT_THAT(met.answer.decision.reason, HasSubstr("on time; this waits: no run can begin: feb.parquet is damaged"));
    then.now += hours(2);
    const auto still = Look(weekly, then, met.states, limits);
    EXPECT_FALSE(still.answer.decision.fired) << "once";
    EXPECT_EQ(still.answer.waits_for, "data that a run can begin with: feb.parquet is damaged");
    then.now += hours(30);
    then.blocked.clear();
    const auto mended = Look(weekly, then, still.states, limits);
    ASSERT_TRUE(mended.run);
    EXPECT_EQ(mended.answer.decision.reason, "fired at 2026-03-08 00:00 UTC when no run could begin");
    EXPECT_FALSE(Look(weekly, then, mended.states, limits).run) << "once";
  }
}

TEST(Triggers, OtherThanPlannedTimesAreLookedAtAgainOnceDataAreMended) {
  auto trigger = DefaultTrigger("new_data");
  trigger.min_new_samples = 1'000;
  auto seen = Quiet();
  seen.blocked = "feb.parquet is damaged";
  const auto held = Look(trigger, seen);
  EXPECT_FALSE(held.answer.decision.fired);
  EXPECT_EQ(held.answer.waits_for, "no run can begin: feb.parquet is damaged");
  seen.blocked.clear();
  EXPECT_TRUE(Look(trigger, seen, held.states).run);
}

TEST(Triggers, ThatLastAreLookedAtAgainAtTheEndOfARun) {
  const auto trigger = DefaultTrigger("drift_detected");
  auto seen = Quiet();
  seen.run_under_way = 4;
  seen.measured["drift_detected"].windows = {Window(9, 1e-12)};
  for (const auto overlap : {Overlap::kSkip, Overlap::kQueue}) {
    const auto held = Look(trigger, seen, {}, {.overlap = overlap});
    EXPECT_FALSE(held.answer.decision.fired);
    EXPECT_THAT(held.answer.waits_for, HasSubstr("run 4 is under way"));
    auto after = seen;
    after.run_under_way = 0;
    EXPECT_TRUE(Look(trigger, after, held.states).run);
  }
  EXPECT_TRUE(Look(trigger, seen, {}, {.overlap = Overlap::kReplace}).run->replaces);
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
