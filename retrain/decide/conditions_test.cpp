#include <gmock/gmock.h>

#include "retrain/decide/trigger_snapshots.h"

namespace retrain::decide {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::HasSubstr;

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

TEST(DriftTrigger, SaysWhatItsMethodMeasures) {
  using Measure = DriftWindow::Measure;
  struct Case {
    Measure measure;
    const char* method;
    const char* reason;
    const char* number;
    const char* threshold;
  };
  const Case cases[] = {
      {Measure::kPsi, "default", "PSI 0.3 [0.15, 0.6] in column `distance`, 1 of 9 columns drifted in 5,000 rows",
       "psi_lower", "0.1"},
      {Measure::kArea, "domain_classifier", "apart with an area of 0.3 [0.15, 0.6] in 5,000 rows", "area_lower", "0.1"},
      {Measure::kNamed, "evidently/psi",
       "`evidently/psi` gives 0.3 in column `distance`, 1 of 9 columns drifted in 5,000", "statistic", "-"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method);
    auto trigger = DefaultTrigger("drift_detected");
    trigger.method = c.method;
    auto seen = Quiet();
    auto window = Window(0.3, 0.03);
    window.measure = c.measure;
    seen.measured["drift_detected"].windows = {window};
    const auto said = Look(trigger, seen);
    EXPECT_THAT(said.answer.decision.reason, HasSubstr(c.reason));
    EXPECT_EQ(said.answer.threshold, c.threshold);
    EXPECT_THAT(said.answer.decision.numbers,
                ::testing::Contains(::testing::Pair(std::string(c.number), ::testing::Gt(0))));
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

TEST(PerformanceTrigger, FollowsTheSameRuleByAnEstimateWhileTheRowsAreLikeTheReference) {
  const WithoutLabels like{.sampling_error = 0.01, .model_error = 0.02, .unlike_share = 0.03};
  const WithoutLabels unlike{
      .sampling_error = 0.01, .model_error = 0.02, .unlike_share = 0.125, .unlike = "`distance`"};
  const Instant today = kSunday + hours(10);
  const DropCase cases[] = {
      {"below the threshold", {.9, .87, .03, .01, .95, 800, 1'500, today, like}, false, "fell by 0.0300"},
      {"reached, but it may be nothing",
       {.9, .84, .06, -.01, .95, 800, 1'500, today, like},
       false,
       "which may be nothing (lower bound -0.0100), estimated without labels"},
      {"reached and certain",
       {.9, .8, .1, .06, .95, 800, 1'500, today, like},
       true,
       "fell by 0.1000 from 0.9000 to 0.8000 on 800 rows, at least 0.0600 of it certain, estimated without labels"},
      {"reached and certain, of rows that nobody knows",
       {.9, .8, .1, .06, .95, 800, 1'500, today, unlike},
       false,
       "accuracy cannot be estimated without labels: 12.5 % of 800 rows are in `distance` unlike all that the champion "
       "was judged on"},
      {"too few rows", {.9, .5, .4, .3, .95, 199, 1'500, today, like}, false, "199 new rows, 1 short of min_labelled"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto trigger = DefaultTrigger("performance_drop");
    trigger.metric = "accuracy";
    trigger.estimated = true;
    auto seen = Quiet();
    seen.measured["performance_drop"].drop = c.drop;
    const auto said = Look(trigger, seen);
    EXPECT_EQ(said.answer.decision.fired, c.fires) << said.answer.decision.reason;
    EXPECT_THAT(said.answer.decision.reason, HasSubstr(c.reason));
    EXPECT_THAT(said.answer.decision.numbers, ::testing::Contains(std::pair<std::string, double>("model_error", 0.02)));
  }
}

TEST(PerformanceTrigger, AnEstimateOfUnlikeRowsNeitherFiresNorReArms) {
  auto trigger = DefaultTrigger("performance_drop");
  trigger.metric = "accuracy";
  trigger.cooldown = {};
  auto seen = Quiet();
  auto& drop = seen.measured["performance_drop"].drop;
  drop = {.9, .8, .1, .06, .95, 800, 1'500, seen.now, WithoutLabels{}};
  const auto fired = Look(trigger, seen);
  ASSERT_TRUE(fired.run);
  drop = {.9, .9, 0, 0, .95, 800, 1'500, seen.now, WithoutLabels{.unlike_share = 1, .unlike = "their scores"}};
  EXPECT_FALSE(Look(trigger, seen, fired.states).states.at("performance_drop").armed);
  drop->estimated->unlike.clear();
  EXPECT_TRUE(Look(trigger, seen, fired.states).states.at("performance_drop").armed);
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

}  // namespace
}  // namespace retrain::decide
