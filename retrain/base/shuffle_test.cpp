#include "retrain/base/shuffle.h"

#include <array>
#include <map>
#include <vector>

#include <gtest/gtest.h>

namespace retrain {
namespace {

// Each of the six orders of three comes up about 1,000 times in 6,000; the limits are binomial quantiles at 1e-6.
TEST(Shuffle, GivesEachOrderAlikeOften) {
  Rng rng(3);
  std::map<std::array<int, 3>, int> seen;
  for (int i = 0; i < 6'000; ++i) {
    std::array<int, 3> items = {1, 2, 3};
    Shuffle(std::span<int>(items), rng);
    ++seen[items];
  }
  ASSERT_EQ(seen.size(), 6U);
  for (const auto& [order, times] : seen) {
    EXPECT_GE(times, 865);
    EXPECT_LE(times, 1140);
  }
}

TEST(Shuffle, GivesTheSameOrderFromTheSameSeed) {
  std::vector<int> one = {1, 2, 3, 4, 5, 6, 7, 8}, two = one;
  Rng first(9), second(9);
  Shuffle(std::span(one), first);
  Shuffle(std::span(two), second);
  EXPECT_EQ(one, two);
}

}  // namespace
}  // namespace retrain
