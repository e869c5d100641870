#include "retrain/stats/delong.h"

#include <cmath>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/stats/distributions.h"
#include "tests/golden/statistics/vectors.h"

namespace retrain::stats {
namespace {

using golden::ExpectNear;

std::vector<std::uint8_t> Positive(const Json& labels) {
  std::vector<std::uint8_t> positive;
  for (const auto& label : labels.items()) positive.push_back(static_cast<std::uint8_t>(label.AsInt()));
  return positive;
}

TEST(DeLong, GivesTheVariancesOfPRoc) {
  const Json table = golden::ReadVectors("table");
  const Json theirs = golden::ReadVectors("delong");
  const auto a = golden::Numbers(table["a"]);
  const auto b = golden::Numbers(table["b"]);
  const auto pair = DeLong(Positive(table["y"]), a, b, 0.95);
  ExpectNear(pair.variance_first, theirs["variance a"], 1e-12, "variance a");
  ExpectNear(pair.variance_second, theirs["variance b"], 1e-12, "variance b");
  ExpectNear(pair.covariance, theirs["covariance"], 1e-12, "covariance");
  const double z = pair.difference.value / pair.difference.error;
  ExpectNear(z, theirs["z"], 5e-11, "z");
  ExpectNear(2 * NormalCdf(-z), theirs["p two-sided"], 5e-11, "p");
  EXPECT_NEAR(pair.difference.lower, pair.difference.value - 1.6448536269514722 * pair.difference.error, 1e-14);
  EXPECT_FALSE(pair.bounded);
}

// The definition, in O(n²).
double AreaByPairs(const std::vector<std::uint8_t>& positive, const std::vector<double>& scores,
                   const std::vector<double>& weights) {
  double wins = 0;
  double all = 0;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    for (std::size_t j = 0; j < scores.size(); ++j) {
      if (positive[i] == 0 || positive[j] == 1) continue;
      const double weight = weights[i] * weights[j];
      all += weight;
      wins += weight * (scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0);
    }
  }
  return wins / all;
}

TEST(Placements, AverageToTheShareOfPairsInTheRightOrderAlsoWithTiesAndWeights) {
  Rng rng(11);
  for (int world = 0; world < 50; ++world) {
    std::vector<std::uint8_t> positive = {1, 0};
    std::vector<double> scores = {0.5, 0.5};
    std::vector<double> weights = {1, 2};
    for (int i = 0; i < 60; ++i) {
      positive.push_back(static_cast<std::uint8_t>(rng.Below(2)));
      scores.push_back(static_cast<double>(rng.Below(10)) / 10);
      weights.push_back(static_cast<double>(rng.Below(3)));
    }
    const double area = AreaByPairs(positive, scores, weights);
    EXPECT_NEAR(AreaUnderRoc(positive, Placements(positive, scores, weights), weights), area, 1e-12);
    double of_negatives = 0;
    double total = 0;
    const auto placements = Placements(positive, scores, weights);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (positive[i] == 1) continue;
      of_negatives += weights[i] * placements[i];
      total += weights[i];
    }
    EXPECT_NEAR(of_negatives / total, area, 1e-12) << "the mean over the negatives is the same area";
  }
}

TEST(DeLong, OfTwoScoresInTheSameOrderHasNoVarianceAndFallsBackToHoeffding) {
  const std::vector<std::uint8_t> positive = {0, 0, 1, 1, 1};
  const std::vector<double> scores = {0.1, 0.4, 0.3, 0.8, 0.9};
  std::vector<double> same_order;
  for (const double score : scores) same_order.push_back(score * score);
  const auto pair = DeLong(positive, scores, same_order, 0.95);
  EXPECT_EQ(pair.difference.value, 0);
  EXPECT_EQ(pair.difference.error, 0);
  EXPECT_TRUE(pair.bounded);
  EXPECT_NEAR(pair.difference.lower, -std::sqrt(2 * std::log(20.0) / 2), 1e-12);
}

TEST(DeLong, OfScoresThatAreAllEqualIsOneHalf) {
  const std::vector<std::uint8_t> positive = {0, 1, 1, 0};
  const std::vector<double> flat(4, 0.3);
  EXPECT_EQ(DeLong(positive, flat, flat, 0.95).first, 0.5);
}

}  // namespace
}  // namespace retrain::stats
