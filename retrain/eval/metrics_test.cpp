// The values of the metrics against golden vectors.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "retrain/eval/agreement.h"
#include "retrain/eval/calibration.h"
#include "retrain/eval/comparison.h"
#include "retrain/eval/losses.h"
#include "retrain/eval/ranking.h"
#include "retrain/eval/rows.h"
#include "retrain/stats/delong.h"
#include "tests/golden/statistics/vectors.h"

namespace retrain::eval {
namespace {

using golden::ExpectNear;
using golden::Numbers;
using golden::ReadVectors;

constexpr double kSixDigits = 5e-7;
constexpr double kTenDigits = 5.1e-11;

Truth Binary(std::vector<double> y, std::vector<double> weights = {}) {
  return {.labels = {.task = data::Task::kBinary, .classes = {"no", "yes"}},
          .values = std::move(y),
          .weights = std::move(weights)};
}

// Two columns out of the probability of the second class.
std::vector<double> TwoColumns(const std::vector<double>& p) {
  std::vector<double> columns;
  for (const double value : p) columns.insert(columns.end(), {1 - value, value});
  return columns;
}

void ExpectMetrics(const Json& expected, const Truth& truth, const Scores& scores, double tolerance) {
  int compared = 0;
  for (const auto& [name, value] : expected.members()) {
    const auto metric = MetricFromName(name);
    if (!metric.ok()) continue;
    const auto ours = Evaluate(*metric, truth, scores);
    ASSERT_TRUE(ours.ok()) << ToText(ours.error());
    EXPECT_FALSE(ours->undefined);
    ExpectNear(ours->value, value, tolerance, name);
    ++compared;
  }
  EXPECT_GT(compared, 0);
}

TEST(Metrics, OfTwoClassesAreThoseOfScikitLearn) {
  const Json table = ReadVectors("table");
  for (const char* model : {"a", "b"}) {
    SCOPED_TRACE(model);
    const auto columns = TwoColumns(Numbers(table[model]));
    const Scores scores{2, columns};
    for (const bool weighted : {false, true}) {
      const auto truth = Binary(Numbers(table["y"]), weighted ? Numbers(table["weights"]) : std::vector<double>{});
      const Json& expected = table["expected"][std::string(model) + (weighted ? " weighted" : "")];
      ExpectMetrics(expected, truth, scores, weighted ? kTenDigits : kSixDigits);
      for (const char* name : {"roc_auc", "log_loss", "brier"}) {
        if (expected.Has(name))
          ExpectNear(Evaluate(*MetricFromName(name), truth, scores)->value, expected[name], kTenDigits, name);
      }
      ExpectNear(AveragePrecision(truth, scores).value, expected["average_precision"], kTenDigits, "average precision");
    }
    const Json& expected = table["expected"][model];
    Confusion seen(2);
    const auto actual = ActualClasses(Binary(Numbers(table["y"])));
    const auto predicted = PredictedClasses(Binary(Numbers(table["y"])), scores, table["threshold"].AsDouble());
    for (std::size_t row = 0; row < actual.size(); ++row) seen.Add(actual[row], predicted[row], 1);
    EXPECT_EQ(seen.classes[1].hits, expected["tp"].AsDouble());
    EXPECT_EQ(seen.classes[1].predicted - seen.classes[1].hits, expected["fp"].AsDouble());
    EXPECT_EQ(seen.classes[1].actual - seen.classes[1].hits, expected["fn"].AsDouble());
    EXPECT_EQ(seen.classes[0].hits, expected["tn"].AsDouble());
  }
}

TEST(Metrics, LogLossOfACertainAndWrongForecastIsCutAtTheEpsilonOfDouble) {
  const Json wrong = ReadVectors("table")["certain and wrong"];
  const auto columns = TwoColumns(Numbers(wrong["p"]));
  const auto loss = Evaluate(Metric::kLogLoss, Binary(Numbers(wrong["y"])), {2, columns});
  ExpectNear(loss->value, wrong["log_loss"], kTenDigits, "log loss");
}

TEST(Metrics, OfLabelsOfThreeClassesAreThoseOfScikitLearn) {
  const Json vector = ReadVectors("classes")["labels"];
  Confusion seen(3);
  const auto y = Numbers(vector["y"]);
  const auto predicted = Numbers(vector["predicted"]);
  for (std::size_t row = 0; row < y.size(); ++row) {
    seen.Add(static_cast<std::int32_t>(y[row]), static_cast<std::int32_t>(predicted[row]), 1);
  }
  ExpectNear(CountMetric(Metric::kAccuracy, seen).value, vector["accuracy"], kSixDigits, "accuracy");
  ExpectNear(CountMetric(Metric::kPrecision, seen).value, vector["macro"]["precision"], kSixDigits, "macro precision");
  ExpectNear(CountMetric(Metric::kRecall, seen).value, vector["macro"]["recall"], kSixDigits, "macro recall");
  ExpectNear(CountMetric(Metric::kF1, seen).value, vector["macro"]["f1"], kSixDigits, "f1 of three classes is macro");
  ExpectNear(CountMetric(Metric::kF1Macro, seen).value, vector["macro"]["f1"], kSixDigits, "macro f1");
  ExpectNear(CountMetric(Metric::kF1Weighted, seen).value, vector["weighted"]["f1"], kSixDigits, "weighted f1");
  ExpectNear(CohenKappa(seen), vector["kappa"], kSixDigits, "kappa");
  ExpectNear(MatthewsCorrelation(seen), vector["mcc"], kSixDigits, "mcc");
  ExpectNear(BalancedAccuracy(seen), vector["balanced_accuracy"], kSixDigits, "balanced accuracy");
  const std::int32_t first_two[] = {0, 1};
  const auto pooled = PooledOver(seen, first_two);
  const Json& micro = vector["micro of the first two"];
  ExpectNear(pooled.precision, micro["precision"], kSixDigits, "micro precision");
  ExpectNear(pooled.recall, micro["recall"], kSixDigits, "micro recall");
  ExpectNear(pooled.f1, micro["f1"], kSixDigits, "micro f1");
  double weighted_precision = 0;
  double weighted_recall = 0;
  for (const auto& one : seen.classes) {
    if (one.actual == 0) continue;  // said, but never true: no weight
    weighted_precision += one.actual / seen.total * one.hits / one.predicted;
    weighted_recall += one.actual / seen.total * one.hits / one.actual;
  }
  ExpectNear(weighted_precision, vector["weighted"]["precision"], kSixDigits, "weighted precision");
  ExpectNear(weighted_recall, vector["weighted"]["recall"], kSixDigits, "weighted recall");
}

TEST(Metrics, OfScoresOfThreeClassesAreThoseOfScikitLearn) {
  const Json vector = ReadVectors("classes")["scores"];
  const auto p = Numbers(vector["p"]);
  const Truth truth{.labels = {.task = data::Task::kMulticlass, .classes = {"a", "b", "c"}},
                    .values = Numbers(vector["y"]),
                    .weights = {}};
  ExpectMetrics(vector, truth, {3, p}, kTenDigits);
  std::vector<std::uint8_t> flat;  // micro: every cell of the table is a row
  for (const double y : truth.values) {
    for (int one = 0; one < 3; ++one) flat.push_back(static_cast<std::uint8_t>(static_cast<int>(y) == one));
  }
  ExpectNear(stats::AreaUnderRoc(flat, stats::Placements(flat, p)), vector["roc_auc micro"], kTenDigits, "micro");
}

TEST(Metrics, ARatioOfNothingByNothingCountsAsAskedAndIsNamedUndefined) {
  const Json vectors = ReadVectors("zero_division");
  ASSERT_EQ(vectors["cases"].items().size(), 3U);
  for (const auto& c : vectors["cases"].items()) {
    SCOPED_TRACE(c["story"].AsString());
    Confusion seen(2);
    seen.Add(1, 1, c["tp"].AsDouble());
    seen.Add(0, 1, c["fp"].AsDouble());
    seen.Add(1, 0, c["fn"].AsDouble());
    seen.Add(0, 0, c["tn"].AsDouble());
    const Metric metrics[] = {Metric::kPrecision, Metric::kRecall, Metric::kF1};
    for (std::size_t i = 0; i < 3; ++i) {
      const auto zero = CountMetric(metrics[i], seen);
      const auto one = CountMetric(metrics[i], seen, 1);
      EXPECT_EQ(zero.value, Numbers(c["z0"])[i]) << Name(metrics[i]);
      EXPECT_EQ(one.value, Numbers(c["z1"])[i]) << Name(metrics[i]);
      EXPECT_EQ(zero.undefined, zero.value != one.value);
    }
  }
}

TEST(Metrics, OfAClassThatIsNowhereCountAsZeroInTheMeanOfTheContractsClasses) {
  Confusion seen(4);
  for (int row = 0; row < 10; ++row) seen.Add(row % 3, row % 3, 1);
  const auto f1 = CountMetric(Metric::kF1Macro, seen);
  EXPECT_DOUBLE_EQ(f1.value, 0.75);
  EXPECT_FALSE(f1.undefined);
}

TEST(Metrics, CalibrationErrorPutsARowOnAnEdgeIntoTheUpperBin) {
  const Json table = ReadVectors("table");
  const Json vector = ReadVectors("calibration");
  const auto y = Numbers(table["y"]);
  const auto p = Numbers(table["a"]);
  std::vector<double> top;
  std::vector<std::uint8_t> right;
  std::vector<std::uint8_t> positive;
  for (std::size_t row = 0; row < y.size(); ++row) {
    top.push_back(std::max(p[row], 1 - p[row]));
    right.push_back(static_cast<std::uint8_t>((p[row] >= 0.5) == (y[row] == 1)));
    positive.push_back(static_cast<std::uint8_t>(y[row]));
  }
  const int bins = static_cast<int>(vector["bins"].AsInt());
  ExpectNear(ExpectedCalibrationError(top, right, bins), vector["of the top label"], 1e-12, "top label");
  ExpectNear(ExpectedCalibrationError(p, positive, bins), vector["of the positive class"], 1e-12, "positive class");
}

TEST(Metrics, OfARegressionAreThoseOfScikitLearn) {
  const Json vector = ReadVectors("regression");
  const auto f = Numbers(vector["f"]);
  for (const bool weighted : {false, true}) {
    const Truth truth{.labels = {.task = data::Task::kRegression},
                      .values = Numbers(vector["y"]),
                      .weights = weighted ? Numbers(vector["weights"]) : std::vector<double>{}};
    const Json& expected = vector[weighted ? "weighted" : "plain"];
    ExpectMetrics(expected, truth, {1, f}, kTenDigits);
    ExpectNear(WeightedMean(truth, Losses(Metric::kRmse, truth, {1, f})), expected["mse"], kTenDigits, "mse");
    ExpectNear(AbsolutePercentageError(truth, {1, f}), expected["mape"], kTenDigits, "mape");
    ExpectNear(PinballLoss(truth, {1, f}, 0.9), expected["pinball .9"], kTenDigits, "pinball .9");
    ExpectNear(PinballLoss(truth, {1, f}, 0.1), expected["pinball .1"], kTenDigits, "pinball .1");
  }
}

TEST(Metrics, WithoutAValueSaySo) {
  const std::vector<double> half(8, 0.5);
  EXPECT_TRUE(Evaluate(Metric::kRocAuc, Binary({1, 1, 1, 1}), {2, half})->undefined);
  EXPECT_TRUE(Evaluate(Metric::kRecall, Binary({0, 0, 0, 0}), {2, half})->undefined);
  const std::vector<double> two = {2, 2, 2};
  const Truth constant{.labels = {.task = data::Task::kRegression}, .values = {2, 2, 2}, .weights = {}};
  EXPECT_TRUE(Evaluate(Metric::kR2, constant, {1, two})->undefined);
  EXPECT_EQ(Evaluate(Metric::kR2, constant, {1, two})->value, 1);
}

TEST(Metric, KnowsItsNameItsDirectionAndItsTasks) {
  for (int i = 0; i <= static_cast<int>(Metric::kR2); ++i) {
    const auto metric = static_cast<Metric>(i);
    EXPECT_EQ(*MetricFromName(Name(metric)), metric);
    EXPECT_NE(Fits(metric, data::Task::kBinary), Fits(metric, data::Task::kRegression));
    EXPECT_EQ(Fits(metric, data::Task::kBinary), Fits(metric, data::Task::kMulticlass));
  }
  EXPECT_TRUE(LargerIsBetter(Metric::kR2));
  EXPECT_FALSE(LargerIsBetter(Metric::kLogLoss));
  for (const auto task : {data::Task::kBinary, data::Task::kMulticlass, data::Task::kRegression}) {
    ASSERT_FALSE(DefaultMetrics(task).empty());
    for (const Metric metric : DefaultMetrics(task)) EXPECT_TRUE(Fits(metric, task));
  }
  const auto slip = MetricFromName("acuracy");
  ASSERT_FALSE(slip.ok());
  EXPECT_EQ(slip.error().code, "E0102");
  EXPECT_EQ(slip.error().hint, "did you mean `accuracy`?");
}

}  // namespace
}  // namespace retrain::eval
