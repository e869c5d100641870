// Forests of both libraries, grown from random tables, tell what the libraries themselves tell of the same rows.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/train/forest/grower.h"
#include "retrain/train/forest/lightgbm.h"
#include "retrain/train/forest/renewal.h"
#include "retrain/train/forest/xgboost.h"

namespace retrain::train::forest {
namespace {

constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

struct Situation {
  GrowOptions options;
  Matrix training, stopping;
  int rounds;
};

// A table of a few hundred rows whose labels follow from its columns; nulls are in some columns, and the stopping rows
// hold categories and nulls that no row to train on had.
Matrix RandomRows(Rng& rng, const GrowOptions& options, std::int64_t rows, std::uint64_t levels, double nulls) {
  Matrix matrix;
  for (std::int64_t row = 0; row < rows; ++row) {
    double sum = 0;
    for (std::size_t c = 0; c < options.width(); ++c) {
      double x = c < options.numbers ? std::round(rng.Normal() * 20) / 10 : static_cast<double>(rng.Below(levels));
      sum += c < options.numbers ? x : std::sin(x * 7);
      if (rng.Uniform() < nulls && c % 2 == 0 && c < options.numbers) x = kNull;
      matrix.values.push_back(static_cast<float>(x));
    }
    sum += rng.Normal();
    matrix.targets.push_back(
        options.task == data::Task::kRegression ? static_cast<float>(5 + 3 * sum)
        : options.task == data::Task::kBinary
            ? static_cast<float>(sum > 0)
            : static_cast<float>(std::clamp(std::floor(sum + 1.5), 0.0, static_cast<double>(options.classes - 1))));
  }
  return matrix;
}

Situation RandomSituation(std::uint64_t seed) {
  Rng rng(seed);
  Situation of{.options = {}, .training = {}, .stopping = {}, .rounds = 1 + static_cast<int>(rng.Below(12))};
  auto& options = of.options;
  options.task = static_cast<data::Task>(rng.Below(3));
  options.classes = options.task == data::Task::kMulticlass ? 3 + rng.Below(3) : 2;
  options.numbers = 1 + rng.Below(6);
  options.categories = rng.Below(3);
  options.base.assign(options.task == data::Task::kMulticlass ? options.classes : 1, 0.25);
  options.learning_rate = 0.05 + rng.Uniform() / 2;
  options.leaves = 2 + static_cast<int>(rng.Below(40));
  options.seed = seed;
  const auto levels = 2 + rng.Below(60);
  of.training = RandomRows(rng, options, 300, levels, rng.Below(2) == 0 ? 0.1 : 0.0);
  of.stopping = RandomRows(rng, options, 83, levels + 3, 0.2);
  return of;
}

std::vector<double> Tell(const model::forest::Forest& forest, const Matrix& rows) {
  std::vector<double> scores;
  for (std::int64_t row = 0; row < rows.rows(); ++row)
    scores.insert(scores.end(), forest.base.begin(), forest.base.end());
  AddScores(forest, rows.values, scores);
  ApplyLink(forest, scores);
  return scores;
}

using NewGrower = Result<std::unique_ptr<Grower>> (*)(const GrowOptions&, const Matrix&, const Matrix&);

// The largest difference to the library's own predictions after some rounds, relative to values beyond 1; NaN is one.
double Difference(NewGrower make, const Situation& of) {
  const auto grower = make(of.options, of.training, of.stopping);
  EXPECT_TRUE(grower.ok()) << ToText(grower.error());
  for (int round = 0; round < of.rounds; ++round) EXPECT_TRUE((*grower)->Round().ok());
  const auto theirs = (*grower)->StoppingPredictions();
  const auto forest = (*grower)->Grown();
  EXPECT_TRUE(forest.ok()) << ToText(forest.error());
  const auto back = model::forest::ForestFromBytes(model::forest::ToBytes(*forest));
  EXPECT_TRUE(back.ok() && *back == *forest) << "the bytes hold another forest";
  const auto ours = Tell(*forest, of.stopping);
  EXPECT_EQ(ours.size(), theirs->size());
  double most = 0;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double off = std::abs(ours[i] - (*theirs)[i]) / std::max(1.0, std::abs(ours[i]));
    most = off <= most ? most : off;
  }
  return most;
}

TEST(ForestOracle, TellsWhatLightgbmTells) {
  for (std::uint64_t seed = 1; seed <= 100; ++seed)
    EXPECT_LE(Difference(NewLightgbmGrower, RandomSituation(seed)), 1e-6) << "model " << seed;
}

TEST(ForestOracle, TellsWhatXgboostTells) {
  for (std::uint64_t seed = 101; seed <= 200; ++seed)
    EXPECT_LE(Difference(NewXgboostGrower, RandomSituation(seed)), 1e-6) << "model " << seed;
}

model::forest::Forest Grow(NewGrower make, Situation of, int threads) {
  of.options.threads = threads;
  const auto grower = make(of.options, of.training, of.stopping);
  EXPECT_TRUE(grower.ok()) << ToText(grower.error());
  for (int round = 0; round < of.rounds; ++round) EXPECT_TRUE((*grower)->Round().ok());
  return *(*grower)->Grown();
}

TEST(ForestOracle, TheSameTreesGrowAgain) {
  for (std::uint64_t seed = 201; seed <= 204; ++seed) {
    const auto of = RandomSituation(seed);
    EXPECT_TRUE(Grow(NewLightgbmGrower, of, 1) == Grow(NewLightgbmGrower, of, 2)) << "model " << seed;
    EXPECT_TRUE(Grow(NewXgboostGrower, of, 2) == Grow(NewXgboostGrower, of, 2)) << "model " << seed;
  }
}

}  // namespace
}  // namespace retrain::train::forest
