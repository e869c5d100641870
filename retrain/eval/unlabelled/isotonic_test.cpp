#include "retrain/eval/unlabelled/isotonic.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

#include "retrain/base/random.h"

namespace retrain::eval {
namespace {

// The min-max formula (Barlow and others 1972): at each place the largest, over starts up to it, of the smallest mean
// over ends from it. O(n³).
std::vector<double> ByMinMax(const std::vector<double>& y, const std::vector<double>& w) {
  std::vector<double> fitted(y.size(), -std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < y.size(); ++i) {
    for (std::size_t start = 0; start <= i; ++start) {
      double least = std::numeric_limits<double>::infinity();
      double sum = 0;
      double weight = 0;
      for (std::size_t end = start; end < y.size(); ++end) {
        sum += w[end] * y[end];
        weight += w[end];
        if (end >= i) least = std::min(least, sum / weight);
      }
      fitted[i] = std::max(fitted[i], least);
    }
  }
  return fitted;
}

TEST(IsotonicCurve, IsTheClosestCurveThatNeverFalls) {
  Rng rng(4);
  for (int world = 0; world < 100; ++world) {
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> w;
    for (int i = 0; i < 25; ++i) {
      x.push_back(i);
      y.push_back(0.05 * i + rng.Normal());
      w.push_back(static_cast<double>(1 + rng.Below(3)));
    }
    const IsotonicCurve curve(x, y, w);
    const auto fitted = ByMinMax(y, w);
    for (std::size_t i = 0; i < x.size(); ++i) EXPECT_NEAR(curve.At(x[i]), fitted[i], 1e-12);
  }
}

TEST(IsotonicCurve, IsStraightBetweenItsPointsAndLevelBeyond) {
  const std::vector<double> x = {0, 0, 2, 4};
  const IsotonicCurve curve(x, std::vector<double>{1, 3, 4, 8}, std::vector<double>(4, 1));
  EXPECT_EQ(curve.At(-1), 2) << "points at one place count as their mean";
  EXPECT_EQ(curve.At(1), 3);
  EXPECT_EQ(curve.At(3), 6);
  EXPECT_EQ(curve.At(9), 8);
}

TEST(IsotonicCurve, LeavesOutPointsWithoutWeight) {
  const IsotonicCurve curve(std::vector<double>{0, 1, 2}, std::vector<double>{0, 100, 2}, std::vector<double>{1, 0, 1});
  EXPECT_EQ(curve.At(1), 1);
}

TEST(IsotonicCurve, WithoutPointsChangesNothing) { EXPECT_EQ(IsotonicCurve().At(0.37), 0.37); }

}  // namespace
}  // namespace retrain::eval
