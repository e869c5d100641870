#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/eval/comparison.h"
#include "tests/golden/statistics/vectors.h"

namespace retrain::eval {
namespace {

using golden::ExpectNear;

// Rows of a task with two models that are right more or less often.
struct World {
  Truth truth;
  std::vector<double> champion;
  std::vector<double> candidate;
  std::int64_t outputs = 1;

  Scores Champion() const { return {outputs, champion}; }
  Scores Candidate() const { return {outputs, candidate}; }
};

std::vector<double> Probabilities(Rng& rng, std::int64_t classes, std::int64_t actual, double skill) {
  std::vector<double> p(classes);
  double sum = 0;
  for (std::int64_t one = 0; one < classes; ++one) sum += p[one] = 0.01 + rng.Uniform() + (one == actual ? skill : 0);
  for (double& value : p) value /= sum;
  return p;
}

World AWorld(data::Task task, std::int64_t rows, std::uint64_t seed, bool weighted, double gain = 0.2) {
  Rng rng(seed);
  World world;
  world.truth.labels.task = task;
  const std::int64_t classes = task == data::Task::kBinary ? 2 : 4;
  world.outputs = task == data::Task::kRegression ? 1 : classes;
  for (std::int64_t one = 0; one < classes && world.outputs > 1; ++one) {
    world.truth.labels.classes.push_back("class " + std::to_string(one));
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    if (weighted) world.truth.weights.push_back(0.1 + rng.Uniform());
    if (task == data::Task::kRegression) {
      world.truth.values.push_back(10 * rng.Normal());
      world.champion.push_back(world.truth.values.back() + (1 + gain) * rng.Normal());
      world.candidate.push_back(world.truth.values.back() + rng.Normal());
      continue;
    }
    const auto actual = static_cast<std::int64_t>(rng.Below(classes));
    world.truth.values.push_back(static_cast<double>(actual));
    for (const double p : Probabilities(rng, classes, actual, 0.3)) world.champion.push_back(p);
    for (const double p : Probabilities(rng, classes, actual, 0.3 + gain)) world.candidate.push_back(p);
  }
  return world;
}

std::vector<Metric> MetricsOf(data::Task task) {
  std::vector<Metric> metrics;
  for (int i = 0; i <= static_cast<int>(Metric::kR2); ++i) {
    if (Fits(static_cast<Metric>(i), task)) metrics.push_back(static_cast<Metric>(i));
  }
  return metrics;
}

std::vector<Comparison> CompareAll(const World& world, const CompareOptions& options = {.resamples = 999}) {
  auto comparisons =
      Compare(MetricsOf(world.truth.labels.task), world.truth, world.Champion(), world.Candidate(), options);
  EXPECT_TRUE(comparisons.ok()) << (comparisons.ok() ? "" : ToText(comparisons.error()));
  return std::move(comparisons).value();
}

constexpr data::Task kTasks[] = {data::Task::kBinary, data::Task::kMulticlass, data::Task::kRegression};

TEST(Compare, GivesTheValuesThatEvaluateGivesAndBoundsAroundTheirDifference) {
  for (const auto task : kTasks) {
    for (const bool weighted : {false, true}) {
      const auto world = AWorld(task, 500, 3, weighted);
      for (const auto& c : CompareAll(world)) {
        SCOPED_TRACE(std::string(Name(c.metric)) + (weighted ? ", weighted" : ""));
        EXPECT_DOUBLE_EQ(c.champion, Evaluate(c.metric, world.truth, world.Champion())->value);
        EXPECT_DOUBLE_EQ(c.candidate, Evaluate(c.metric, world.truth, world.Candidate())->value);
        EXPECT_NEAR(c.difference, (c.candidate - c.champion) * (LargerIsBetter(c.metric) ? 1 : -1), 1e-12);
        EXPECT_LT(c.lower, c.difference);
        EXPECT_GT(c.upper, c.difference);
        EXPECT_FALSE(c.undefined);
        EXPECT_EQ(c.rows, 500);
        EXPECT_EQ(c.confidence, 0.95);
        EXPECT_FALSE(c.method.empty());
      }
    }
  }
}

TEST(Compare, OfAModelWithItselfIsZeroAndNeverSpeaksForIt) {
  for (const auto task : kTasks) {
    for (const bool weighted : {false, true}) {
      for (const std::int64_t rows : {2, 30, 400}) {
        auto world = AWorld(task, rows, 5, weighted);
        world.candidate = world.champion;
        for (const auto& c : CompareAll(world)) {
          SCOPED_TRACE(std::string(Name(c.metric)) + " on " + std::to_string(rows) + " rows");
          EXPECT_EQ(c.difference, 0);
          EXPECT_TRUE(c.undefined || (c.lower <= 0 && c.upper >= 0));
        }
      }
    }
  }
}

TEST(Compare, ExchangingTheModelsTurnsTheDifference) {
  for (const auto task : kTasks) {
    auto world = AWorld(task, 400, 9, false);
    const auto there = CompareAll(world);
    std::swap(world.champion, world.candidate);
    const auto back = CompareAll(world);
    for (std::size_t i = 0; i < there.size(); ++i) {
      SCOPED_TRACE(Name(there[i].metric));
      const double width = there[i].upper - there[i].lower;
      EXPECT_NEAR(there[i].difference, -back[i].difference, 1e-12);
      EXPECT_NEAR(there[i].lower, -back[i].upper, 0.1 * width) << "the bootstrap draws other resamples";
      EXPECT_NEAR(there[i].upper, -back[i].lower, 0.1 * width);
    }
  }
}

TEST(Compare, BoundsFallAsConfidenceGrows) {
  for (const auto task : kTasks) {
    for (const bool weighted : {false, true}) {
      const auto world = AWorld(task, 400, 13, weighted);
      auto before = CompareAll(world, {.confidence = 0.8, .resamples = 999});
      for (const double confidence : {0.9, 0.95, 0.99}) {
        const auto now = CompareAll(world, {.confidence = confidence, .resamples = 999});
        for (std::size_t i = 0; i < now.size(); ++i) {
          EXPECT_LT(now[i].lower, before[i].lower) << Name(now[i].metric) << " at " << confidence;
          EXPECT_GT(now[i].upper, before[i].upper) << Name(now[i].metric) << " at " << confidence;
        }
        before = now;
      }
    }
  }
}

TEST(Compare, GivesTheSameBitsForTheSameSeed) {
  const auto world = AWorld(data::Task::kMulticlass, 600, 21, false);
  EXPECT_EQ(CompareAll(world), CompareAll(world));
  EXPECT_NE(CompareAll(world), CompareAll(world, {.resamples = 999, .seed = 8}));
}

TEST(Compare, ANumberThatIsNotFiniteFailsAndNamesItsRow) {
  const double bad[] = {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                        -std::numeric_limits<double>::infinity()};
  for (const auto task : kTasks) {
    for (const double value : bad) {
      const auto fails = [&](const World& world, std::string_view code, const std::string& what) {
        const auto result = Compare(MetricsOf(task), world.truth, world.Champion(), world.Candidate(), {});
        ASSERT_FALSE(result.ok());
        EXPECT_EQ(result.error().code, code);
        EXPECT_EQ(result.error().where.row, 37);
        EXPECT_NE(result.error().message.find(what), std::string::npos) << result.error().message;
      };
      auto world = AWorld(task, 60, 1, true);
      world.champion[37 * world.outputs + world.outputs - 1] = value;
      fails(world, "E0308", "the score of the champion for row 37 is");
      world = AWorld(task, 60, 1, true);
      world.candidate[37 * world.outputs] = value;
      fails(world, "E0308", "the score of the candidate for row 37 is");
      world = AWorld(task, 60, 1, true);
      world.truth.values[37] = value;
      fails(world, "E0205", "the label of row 37 is");
      world = AWorld(task, 60, 1, true);
      world.truth.weights[37] = value;
      fails(world, "E0215", "the weight of row 37 is");
    }
  }
}

TEST(Compare, RefusesRowsThatCannotBeJudged) {
  auto world = AWorld(data::Task::kBinary, 10, 1, true);
  world.truth.weights.assign(10, 0);
  EXPECT_EQ(Evaluate(Metric::kAccuracy, world.truth, world.Champion()).error().message,
            "the weights of all 10 rows are 0");
  EXPECT_EQ(Evaluate(Metric::kAccuracy, Truth{.labels = world.truth.labels, .values = {}, .weights = {}}, {2, {}})
                .error()
                .code,
            "E0214");
  const auto misfit = Compare(std::vector{Metric::kRmse}, world.truth, world.Champion(), world.Candidate(), {});
  EXPECT_EQ(misfit.error().message, "the metric `rmse` does not fit a classification");
  EXPECT_NE(misfit.error().hint.find("accuracy"), std::string::npos);
}

TEST(Compare, ASingleRowIsJudgedByNoMetric) {
  for (const auto task : kTasks) {
    for (const auto& c : CompareAll(AWorld(task, 1, 2, false))) EXPECT_TRUE(c.undefined);
  }
}

// A champion that says "no" always, as the constant predictor does.
World AgainstAConstant(std::int64_t rows) {
  auto world = AWorld(data::Task::kBinary, rows, 31, false, 0.5);
  for (std::int64_t row = 0; row < rows; ++row) {
    world.champion[2 * row] = 0.9;
    world.champion[2 * row + 1] = 0.1;
  }
  return world;
}

TEST(Compare, AChampionWithoutAPositiveCountsAsZeroAndACandidateWithoutHasNoPrecision) {
  auto world = AgainstAConstant(400);
  const Metric metrics[] = {Metric::kPrecision, Metric::kF1};
  const auto first = *Compare(metrics, world.truth, world.Champion(), world.Candidate(), {});
  EXPECT_EQ(first[0].champion, 0);
  EXPECT_GT(first[0].lower, 0.5);
  EXPECT_LT(first[0].candidate, 1);
  EXPECT_FALSE(first[0].undefined);
  EXPECT_EQ(first[0].note, "the champion never says the positive class: its precision counts as 0");
  EXPECT_GT(first[1].lower, 0.5);
  EXPECT_EQ(first[1].note, "");
  std::swap(world.champion, world.candidate);
  const auto back = *Compare(metrics, world.truth, world.Champion(), world.Candidate(), {});
  EXPECT_TRUE(back[0].undefined);
  EXPECT_EQ(back[0].note, "the candidate never says the positive class: there is no precision");
  EXPECT_LT(back[1].upper, -0.5);
}

TEST(Compare, APerfectCandidateIsBetterAlthoughNoResampleVaries) {
  auto world = AgainstAConstant(400);
  for (std::int64_t row = 0; row < 400; ++row) {
    world.candidate[2 * row + 1] = world.truth.values[row];
    world.candidate[2 * row] = 1 - world.truth.values[row];
  }
  const auto f1 = Compare(std::vector{Metric::kF1}, world.truth, world.Champion(), world.Candidate(), {})->front();
  EXPECT_EQ(f1.difference, 1);
  EXPECT_EQ(f1.method, "rule of three");
  EXPECT_LT(f1.lower, 1) << "three rows of a kind not seen would take something away";
  EXPECT_GT(f1.lower, 0.95);
  world.champion = world.candidate;
  const auto itself = Compare(std::vector{Metric::kF1}, world.truth, world.Champion(), world.Candidate(), {})->front();
  EXPECT_EQ(itself.difference, 0);
  EXPECT_LT(itself.lower, 0);
  EXPECT_GT(itself.lower, -0.03);
  EXPECT_GT(itself.upper, 0);
}

TEST(Compare, WithoutARowOfAClassHasNoAreaAndNoRecall) {
  auto world = AWorld(data::Task::kBinary, 100, 2, false);
  world.truth.values.assign(100, 0);
  const Metric metrics[] = {Metric::kRocAuc, Metric::kRecall};
  const auto c = *Compare(metrics, world.truth, world.Champion(), world.Candidate(), {});
  EXPECT_TRUE(c[0].undefined);
  EXPECT_EQ(c[0].note, "all rows are of one class: there is no roc_auc");
  EXPECT_TRUE(c[1].undefined);
  EXPECT_EQ(c[1].note, "no row is of the positive class: there is no recall");
}

TEST(Compare, LeavesAnAbsentClassOutOfTheMeanAreaAndSaysSo) {
  auto world = AWorld(data::Task::kMulticlass, 200, 2, false);
  for (double& y : world.truth.values) y = y == 3 ? 0 : y;
  const auto c = Compare(std::vector{Metric::kRocAuc}, world.truth, world.Champion(), world.Candidate(), {})->front();
  EXPECT_FALSE(c.undefined);
  EXPECT_EQ(c.note, "left out, since no row is of the class: class 3");
}

TEST(Compare, TakesTheMethodThatFitsTheRows) {
  const auto method = [](data::Task task, std::int64_t rows, bool weighted, Metric metric) {
    const auto world = AWorld(task, rows, 6, weighted);
    return Compare(std::vector{metric}, world.truth, world.Champion(), world.Candidate(), {})->front().method;
  };
  EXPECT_EQ(method(data::Task::kBinary, 50, false, Metric::kAccuracy), "tango");
  EXPECT_EQ(method(data::Task::kBinary, 50, true, Metric::kAccuracy), "hoeffding");
  EXPECT_EQ(method(data::Task::kBinary, 900, true, Metric::kAccuracy), "weighted t");
  EXPECT_EQ(method(data::Task::kBinary, 50, false, Metric::kF1), "cell bootstrap BCa");
  EXPECT_EQ(method(data::Task::kBinary, 20, false, Metric::kF1), "delta method");
  EXPECT_EQ(method(data::Task::kBinary, 900, true, Metric::kF1), "delta method");
  EXPECT_EQ(method(data::Task::kMulticlass, 900, false, Metric::kF1Macro), "cell bootstrap BCa");
  EXPECT_EQ(method(data::Task::kMulticlass, 60, false, Metric::kF1Macro), "delta method");
  EXPECT_EQ(method(data::Task::kBinary, 50, false, Metric::kRocAuc), "delong");
  EXPECT_EQ(method(data::Task::kMulticlass, 50, false, Metric::kRocAuc), "delta method");
  EXPECT_EQ(method(data::Task::kBinary, 199, false, Metric::kLogLoss), "maurer-pontil");
  EXPECT_EQ(method(data::Task::kBinary, 200, false, Metric::kLogLoss), "paired t");
  EXPECT_EQ(method(data::Task::kRegression, 50, false, Metric::kMae), "paired t");
  EXPECT_EQ(method(data::Task::kRegression, 50, false, Metric::kRmse), "delta method");
}

// The golden cells as rows: the delta method's exact numbers, and the bootstrap's that come to them.
World GoldenRows(const Json& vector) {
  World world;
  world.outputs = 2;
  world.truth.labels = {.task = data::Task::kBinary, .classes = {"no", "yes"}};
  for (const auto& row : vector["cells (y, a, b)"].items()) {
    const auto cell = golden::Numbers(row);
    for (int i = 0; i < static_cast<int>(cell[3]); ++i) {
      world.truth.values.push_back(cell[0]);
      world.champion.insert(world.champion.end(), {1 - cell[1], cell[1]});
      world.candidate.insert(world.candidate.end(), {1 - cell[2], cell[2]});
    }
  }
  return world;
}

TEST(Compare, OfTheGoldenCellsGivesTheirF1AndItsError) {
  const Json vector = golden::ReadVectors("cells");
  auto world = GoldenRows(vector);
  const auto by_cells =
      Compare(std::vector{Metric::kF1}, world.truth, world.Champion(), world.Candidate(), {})->front();
  EXPECT_EQ(by_cells.method, "cell bootstrap BCa");
  ExpectNear(by_cells.champion, vector["f1 a"], 5e-11, "f1 a");
  ExpectNear(by_cells.candidate, vector["f1 b"], 5e-11, "f1 b");
  ExpectNear(by_cells.difference, vector["difference"], 5e-11, "difference");
  EXPECT_NEAR(by_cells.lower, golden::Numbers(vector["scipy BCa 90 %"])[0], vector["simulation error"].AsDouble());

  world.truth.weights.assign(world.truth.values.size(), 2.5);  // even weights change nothing but the method
  const auto by_influence =
      Compare(std::vector{Metric::kF1}, world.truth, world.Champion(), world.Candidate(), {})->front();
  EXPECT_EQ(by_influence.method, "delta method");
  const double error = vector["delta error"].AsDouble();
  EXPECT_NEAR((by_influence.upper - by_influence.lower) / 2 / error, 1.64638, 1e-5) << "t of 999 degrees: 1.64638";
  ExpectNear(by_influence.difference, vector["difference"], 5e-11, "difference");
  EXPECT_NEAR(error / by_influence.difference, 1 / vector["delta z"].AsDouble(), 1e-9);
}

// Level of every lower bound between equal models: 200 worlds, limit the binomial quantile of .07 at 1 - 1e-6, 34.
// (.07 and not .05: 400 rows leave the asymptotic bounds a little short.)
TEST(Compare, BetweenEqualModelsTheLowerBoundRarelyExceedsZero) {
  for (const auto task : kTasks) {
    std::vector<int> wrong(MetricsOf(task).size());
    for (int world = 0; world < 200; ++world) {
      const auto comparisons = CompareAll(AWorld(task, 400, 1000 + world, false, 0), {.resamples = 199});
      for (std::size_t i = 0; i < wrong.size(); ++i) wrong[i] += comparisons[i].lower > 0 ? 1 : 0;
    }
    for (std::size_t i = 0; i < wrong.size(); ++i) {
      EXPECT_LE(wrong[i], 34) << Name(MetricsOf(task)[i]);
      EXPECT_GE(wrong[i], 1) << Name(MetricsOf(task)[i]) << ": a bound that never fires is no bound";
    }
  }
}

TEST(Comparison, ReadsBackFromItsJson) {
  for (const auto& c : CompareAll(AWorld(data::Task::kBinary, 300, 4, false))) {
    const auto back = ComparisonFromJson(*ParseJson(ToJson(c).Dump(), "a comparison"));
    ASSERT_TRUE(back.ok()) << ToText(back.error());
    EXPECT_EQ(*back, c);
  }
  EXPECT_EQ(ComparisonFromJson(Json::MakeObject()).error().code, "E0302");
}

}  // namespace
}  // namespace retrain::eval
