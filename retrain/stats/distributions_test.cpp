#include "retrain/stats/distributions.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace retrain::stats {
namespace {

// scipy 1.10.1: norm, t and binom.
TEST(Distributions, AgreeWithScipy) {
  EXPECT_NEAR(NormalQuantile(0.95), 1.6448536269514722, 1e-14);
  EXPECT_NEAR(NormalCdf(1.96), 0.9750021048517795, 1e-15);
  EXPECT_NEAR(NormalCdf(-8) / 6.220960574271785e-16, 1, 1e-12);
  EXPECT_NEAR(StudentQuantile(0.95, 9), 1.833112932656237, 1e-12);
  EXPECT_NEAR(StudentCdf(1.833112932656237, 9), 0.95, 1e-14);
  EXPECT_NEAR(BinomialPmf(3, 10, 0.5), 0.1171875, 1e-15);
  EXPECT_NEAR(BinomialCdf(5, 20, 0.5), 0.020694732666015625, 1e-15);
}

TEST(Distributions, KnowTheirEnds) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(NormalQuantile(0), -infinity);
  EXPECT_EQ(NormalQuantile(1), infinity);
  EXPECT_EQ(BinomialCdf(-1, 5, 0.3), 0);
  EXPECT_EQ(BinomialCdf(5, 5, 0.3), 1);
  EXPECT_EQ(BinomialPmf(6, 5, 0.3), 0);
  EXPECT_EQ(BinomialPmf(0, 5, 0.0), 1);
}

}  // namespace
}  // namespace retrain::stats
