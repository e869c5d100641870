#include "retrain/stats/paired_mean.h"

#include <cmath>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/stats/cell_bootstrap.h"
#include "retrain/stats/exact_laws.h"
#include "retrain/stats/influence.h"
#include "tests/golden/statistics/vectors.h"

namespace retrain::stats {
namespace {

using golden::ExpectNear;

TEST(PairedMean, GivesTheGoldenMomentsBoundsAndPValues) {
  const Json vector = golden::ReadVectors("paired_mean");
  const auto d = golden::Numbers(vector["d"]);
  ExpectNear(MomentsOf(d).mean, vector["mean"], 1e-12, "mean");
  ExpectNear(MomentsOf(d).deviation, vector["sd"], 5e-11, "sd");
  ExpectNear(PairedTPValue(d), vector["t p one-sided"], 5e-11, "p");
  ExpectNear(PairedT(d, 0.95).lower, vector["t lower at .95"], 5e-11, "lower");
  EXPECT_EQ(ExactSignFlipPValue(d), vector["sign flips"].AsDouble() / vector["sign worlds"].AsDouble());

  std::vector<double> without;
  for (const double value : d) without.push_back((0.21 - value) / 9);
  ExpectNear(Acceleration(without, std::vector<std::int64_t>(d.size(), 1)), vector["acceleration of the mean"], 5e-11,
             "a");
}

TEST(PairedMean, GivesTheGoldenDistributionFreeBounds) {
  const Json vector = golden::ReadVectors("paired_mean");
  std::vector<double> x;
  for (int i = 0; i < vector["x repeated"].AsInt(); ++i) {
    for (const double value : golden::Numbers(vector["x"])) x.push_back(value);
  }
  const std::vector<double> even(x.size(), 1);
  ExpectNear(MomentsOf(x).mean, vector["x mean"], 1e-12, "mean");
  ExpectNear(std::pow(MomentsOf(x).deviation, 2), vector["x variance"], 5e-11, "variance");
  ExpectNear(PairedT(x, 0.95).lower, vector["x t lower at .95"], 5e-11, "t");
  ExpectNear(MaurerPontil(x, 1, 0.95).lower, vector["x Maurer-Pontil lower at .95"], 5e-11, "Maurer-Pontil");
  ExpectNear(WeightedHoeffding(x, even, 1, 0.95).lower, vector["x Hoeffding lower at .95"], 5e-11, "Hoeffding");
}

TEST(PairedMean, OfEvenWeightsIsTheUnweightedOneButForTheDegreesOfFreedom) {
  const std::vector<double> d = {0.3, -0.1, 0.5, 0.2, 0, 0.4};
  const auto even = WeightedT(d, std::vector<double>(d.size(), 3), 0.95);
  EXPECT_EQ(even.n, 6);
  EXPECT_NEAR(even.value, MomentsOf(d).mean, 1e-15);
  EXPECT_NEAR(even.error, PairedT(d, 0.95).error * std::sqrt(5.0 / 6), 1e-15) << "the weighted one divides by n";
}

TEST(PairedMean, OfEqualDifferencesHasExactlyNoSpread) {
  const std::vector<double> d(1001, 0.1);
  EXPECT_EQ(MomentsOf(d).mean, 0.1);
  EXPECT_EQ(PairedT(d, 0.95).error, 0);
  EXPECT_EQ(WeightedT(d, std::vector<double>(d.size(), 0.7), 0.95).error, 0);
  EXPECT_LT(MaurerPontil(d, 2, 0.95).lower, 0.1);
}

TEST(PairedMean, RowsWithoutWeightDoNotCount) {
  const std::vector<double> d = {0.3, -0.1, 0.5, 100};
  const std::vector<double> weights = {1, 1, 1, 0};
  EXPECT_EQ(WeightedT(d, weights, 0.95), WeightedT(std::span(d).first(3), std::span(weights).first(3), 0.95));
}

// Coverage: 2,000 worlds, at most the binomial quantile of .05 at 1 - 1e-6 below the bound, 149.
TEST(PairedMean, BoundsLieAboveTheTruthAtMostOnceInTwenty) {
  Rng rng(99);
  int t_wrong = 0;
  int free_wrong = 0;
  std::vector<double> d(200);
  for (int world = 0; world < 2000; ++world) {
    for (double& value : d) value = rng.Uniform() - 0.5;
    t_wrong += PairedT(d, 0.95).lower > 0 ? 1 : 0;
    free_wrong += MaurerPontil(d, 1, 0.95).lower > 0 ? 1 : 0;
  }
  EXPECT_LE(t_wrong, 149);
  EXPECT_GE(t_wrong, 55) << "the t bound is not wider than it says";
  EXPECT_LE(free_wrong, t_wrong);
}

TEST(Influence, OfAMeanIsItsStandardError) {
  const std::vector<double> d = {0.3, -0.1, 0.5, 0.2, 0, 0.4};
  std::vector<double> influences;
  for (const double value : d) influences.push_back(value - MomentsOf(d).mean);
  const auto interval = InfluenceInterval(MomentsOf(d).mean, influences, 0.95);
  EXPECT_NEAR(interval.error, PairedT(d, 0.95).error * std::sqrt(5.0 / 6), 1e-15);
  EXPECT_LT(interval.lower, interval.value);
}

}  // namespace
}  // namespace retrain::stats
