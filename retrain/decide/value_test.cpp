#include "retrain/decide/value.h"

#include <gmock/gmock.h>

#include "retrain/decide/trigger_snapshots.h"

namespace retrain::decide {
namespace {

using ::testing::HasSubstr;

CostForecast Of(const std::vector<double>& seconds) {
  std::vector<PastRun> runs;
  for (const double one : seconds) runs.push_back({.training_seconds = one, .promoted = true});
  return ForecastCost(runs);
}

TEST(CostForecast, IsTheMedianWithDistributionFreeBounds) {
  EXPECT_EQ(ForecastCost({}), CostForecast());
  EXPECT_EQ(Of({7}), (CostForecast{7, 7, 7, 1, 1}));
  EXPECT_EQ(Of({30, 10}), (CostForecast{20, 10, 30, 2, 2}));
  EXPECT_EQ(Of({5, 1, 4, 2, 3}), (CostForecast{3, 1, 5, 5, 5})) << "five runs: least and largest hold it at 93.75 %";
  // Ranks of a table of order-statistic intervals of the median at 95 % (n: r): 9: 2, 20: 6, 30: 10.
  const auto ranks = [](int n) {
    std::vector<double> seconds;
    for (int i = 1; i <= n; ++i) seconds.push_back(i);
    return Of(seconds).lower;
  };
  EXPECT_EQ(ranks(6), 1);
  EXPECT_EQ(ranks(8), 1);
  EXPECT_EQ(ranks(9), 2);
  EXPECT_EQ(ranks(20), 6);
  EXPECT_EQ(ranks(30), 10);
  EXPECT_EQ(ForecastCost({{.training_seconds = 1, .promoted = true}, {.training_seconds = 2}}).promoted, 1);
}

struct ValueCase {
  const char* story;
  double drop;
  double loss_per_row;
  double rows_per_day;
  double cost_per_run;
  CostForecast forecast;
  bool fires;
  const char* reason;
};

// A drop in accuracy under the rule, over ten days.
TEST(ValueRule, FiresWhenTheExpectedSavingExceedsTheCost) {
  const CostForecast cheap{.seconds = 60, .lower = 50, .upper = 90, .runs = 8, .promoted = 7};  // a chance of 80 %
  const CostForecast dear{.seconds = 6'000, .lower = 5'000, .upper = 36'000, .runs = 8, .promoted = 7};
  const CostForecast futile{.seconds = 60, .lower = 50, .upper = 90, .runs = 18, .promoted = 0};  // 5 %
  const ValueCase cases[] = {
      {"0.02 · 0.5 · 1,000 · 10 d · 0.8 = 80 against 2 · 90 s", .02, .5, 1'000, 0, cheap, true,
       "expected to save 80 in 10 d (1000 rows a day, promoted with a chance of 80 %) and to cost at most 0.05"},
      {"few rows: 0.8 against 1", .02, .5, 10, 1, cheap, false, "save 0.8 in 10 d"},
      {"the same, and the review is cheaper", .02, .5, 10, 0.7, cheap, true, "save 0.8 in 10 d"},
      {"an error costs little", .02, 1e-6, 1'000, 0, cheap, false, "cost at most 0.05"},
      {"a training that may take ten hours: 16 against 20", .02, .1, 1'000, 0, dear, false,
       "(6e+03 s of training, between 5e+03 and 3.6e+04 by 8 past runs)"},
      {"candidates of late were refused: 5 against 6", .02, .5, 1'000, 6, futile, false, "a chance of 5 %"},
      {"nothing has trained yet", .02, .5, 10, 1, {}, true, "what a training costs is not known yet"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    auto trigger = DefaultTrigger("performance_drop");
    trigger.metric = "accuracy";
    trigger.threshold = 0;
    trigger.value = {.loss_per_row = c.loss_per_row,
                     .cost_per_hour = 2,
                     .cost_per_run = c.cost_per_run,
                     .rows_per_day = c.rows_per_day,
                     .horizon = days(10)};
    auto seen = Quiet();
    seen.costs["incremental"] = c.forecast;
    seen.measured["performance_drop"].drop = {.9, .9 - c.drop, c.drop, c.drop / 2, .95, 800, 1'500, seen.now};
    const auto said = Look(trigger, seen);
    EXPECT_EQ(said.answer.decision.fired, c.fires) << said.answer.decision.reason;
    EXPECT_THAT(said.answer.decision.reason, HasSubstr(c.reason));
    EXPECT_EQ(said.answer.waits_for, c.fires ? "" : "a drop, or so many rows, that retraining is worth its cost");
  }
}

TEST(ValueRule, AddsToTheRuleOfDropsAndDoesNotReplaceIt) {
  auto trigger = DefaultTrigger("performance_drop");
  trigger.metric = "accuracy";
  trigger.threshold = 0.05;
  trigger.value = {.loss_per_row = 1'000, .rows_per_day = 1'000};
  auto seen = Quiet();
  seen.costs["incremental"] = {.seconds = 1, .lower = 1, .upper = 1, .runs = 1, .promoted = 1};
  auto& drop = seen.measured["performance_drop"].drop;
  drop = {.9, .87, .03, .01, .95, 800, 1'500, seen.now};
  EXPECT_FALSE(Look(trigger, seen).run) << "below the threshold";
  drop = {.9, .8, .1, -.01, .95, 800, 1'500, seen.now};
  EXPECT_FALSE(Look(trigger, seen).run) << "it may be nothing";
  drop = {.9, .8, .1, .06, .95, 800, 1'500, seen.now};
  EXPECT_TRUE(Look(trigger, seen).run);
  EXPECT_THAT(Look(trigger, seen).answer.decision.numbers, ::testing::Contains(::testing::Key("expected_saving")));
}

TEST(ValueRule, TakesTheRowsThatArriveAndTheCostOfItsOwnStrategy) {
  auto trigger = DefaultTrigger("performance_drop");
  trigger.metric = "accuracy";
  trigger.threshold = 0;
  trigger.value = {.loss_per_row = 1, .cost_per_hour = 3'600, .horizon = days(1)};
  auto seen = Quiet();  // 5,000 rows in the 7.5 days since the champion was made
  seen.costs["incremental"] = {.seconds = 10, .lower = 10, .upper = 10, .runs = 2, .promoted = 2};
  seen.costs["full"] = {.seconds = 100, .lower = 100, .upper = 100, .runs = 2, .promoted = 2};
  seen.measured["performance_drop"].drop = {.9, .8, .1, .06, .95, 800, 1'500, seen.now};
  const auto said = Look(trigger, seen);
  EXPECT_TRUE(said.run) << "0.1 · 5,000 / 7.5 · 3/4 = 50 against 10";
  EXPECT_THAT(said.answer.decision.numbers,
              ::testing::Contains(::testing::Pair("rows_per_day", ::testing::DoubleNear(5'000 / 7.5, 1e-9))));
  trigger.strategy = "full";
  EXPECT_FALSE(Look(trigger, seen).run) << "50 against 100";
  auto all = DefaultTrigger("all_of");
  all.strategy = "full";
  all.of = {trigger};
  all.of[0].strategy.clear();
  seen.measured["all_of/performance_drop"] = seen.measured["performance_drop"];
  EXPECT_FALSE(Look(all, seen).run) << "a part is weighed by the strategy of the whole";
}

}  // namespace
}  // namespace retrain::decide
