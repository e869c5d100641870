#include "retrain/stats/false_discovery.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/golden/statistics/vectors.h"

namespace retrain::stats {
namespace {

TEST(BenjaminiHochberg, GivesTheGoldenAdjustedValues) {
  const Json vector = golden::ReadVectors("effect_floor")["false_discovery"];
  const auto adjusted = BenjaminiHochberg(golden::Numbers(vector["p_values"]));
  const auto expected = golden::Numbers(vector["adjusted"]);
  ASSERT_EQ(adjusted.size(), expected.size());
  for (std::size_t i = 0; i < adjusted.size(); ++i) EXPECT_NEAR(adjusted[i], expected[i], 1e-6) << i;
}

TEST(BenjaminiHochberg, KeepsTheOrderInWhichTheValuesWereGiven) {
  const std::vector<double> p = {0.5, 0.01, 0.04};
  const auto adjusted = BenjaminiHochberg(p);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.5);
  EXPECT_DOUBLE_EQ(adjusted[1], 0.03);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.06);
}

TEST(BenjaminiHochberg, OfNoTestsIsEmpty) { EXPECT_TRUE(BenjaminiHochberg({}).empty()); }

}  // namespace
}  // namespace retrain::stats
