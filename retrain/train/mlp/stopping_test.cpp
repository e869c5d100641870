#include "retrain/train/mlp/stopping.h"

#include <gtest/gtest.h>

#include "retrain/base/random.h"

namespace retrain::train::mlp {
namespace {

std::vector<double> Losses(std::size_t rows, double mean, double noise, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> losses(rows);
  for (auto& loss : losses) loss = mean + noise * rng.Normal();
  return losses;
}

TEST(Stopping, KeepsTheFirstAndWhatIsBetter) {
  Stopping stopping({});
  EXPECT_TRUE(stopping.Offer({0.5, 0.7}));
  EXPECT_TRUE(stopping.Offer({0.4, 0.6}));
  EXPECT_EQ(stopping.least(), (std::vector<double>{0.4, 0.6}));
}

TEST(Stopping, LeavesWhatIsSurelyWorse) {
  Stopping stopping({});
  stopping.Offer(Losses(10'000, 0.5, 0.1, 1));
  EXPECT_FALSE(stopping.Offer(Losses(10'000, 0.51, 0.1, 2)));  // 7 standard errors
  EXPECT_FALSE(stopping.Offer(Losses(10'000, 0.504, 0.1, 3)));
}

TEST(Stopping, TakesTheLaterOfTwoThatCannotBeToldApart) {
  Stopping stopping({});
  stopping.Offer({0.5, 0.7, 0.6, 0.4});
  EXPECT_TRUE(stopping.Offer({0.6, 0.5, 0.8, 0.4}));  // 0.025 worse, standard error 0.075
  EXPECT_EQ(stopping.least(), (std::vector<double>{0.5, 0.7, 0.6, 0.4}));
}

TEST(Stopping, ListensToWeights) {
  Stopping stopping({1, 0});
  EXPECT_EQ(stopping.Mean({0.25, 9}), 0.25);
  stopping.Offer({0.5, 0.1});
  EXPECT_FALSE(stopping.Offer({0.6, 0.0}));
}

TEST(Stopping, GoesOnFromAnother) {
  Stopping first({});
  first.Offer({0.5, 0.7});
  Stopping second({}, first.least());
  EXPECT_FALSE(second.Offer({0.6, 0.8}));
}

}  // namespace
}  // namespace retrain::train::mlp
