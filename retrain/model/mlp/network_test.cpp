#include "retrain/model/mlp/network.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/model/mlp/kernel_loader.h"

namespace retrain::model::mlp {
namespace {

constexpr std::int64_t kRows = 23;

Shape ShapeFor(data::Task task) {
  return {.numbers = 3,
          .nullable = {1},
          .direct = {4, 3},
          .embedded = {6},
          .hidden = {19, 16},
          .outputs = task == data::Task::kMulticlass ? 5 : 1};
}

EncodedRows RowsFor(const Shape& shape, data::Task task) {
  Rng rng(5);
  EncodedRows rows{.rows = kRows,
                   .numbers_per_row = 3,
                   .categories_per_row = 3,
                   .numbers = {},
                   .codes = {},
                   .labels = {},
                   .weights = {}};
  for (std::int64_t i = 0; i < kRows; ++i) {
    for (int j = 0; j < 3; ++j) rows.numbers.push_back(static_cast<float>(rng.Normal()));
    if (i % 4 == 0) rows.numbers[static_cast<std::size_t>(i * 3 + 1)] = std::numeric_limits<float>::quiet_NaN();
    for (const auto levels : {4, 3, 6})
      rows.codes.push_back(static_cast<std::uint16_t>(rng.Below(static_cast<std::uint64_t>(levels))));
    const double label = task == data::Task::kRegression
                             ? rng.Normal()
                             : static_cast<double>(rng.Below(
                                   task == data::Task::kBinary ? 2 : static_cast<std::uint64_t>(shape.outputs)));
    rows.labels.push_back(static_cast<float>(label));
    rows.weights.push_back(static_cast<float>(0.5 + rng.Uniform()));
  }
  return rows;
}

Floats RandomWeights(const Layout& layout) {
  Rng rng(3);
  Floats weights(static_cast<std::size_t>(layout.size));
  for (auto& weight : weights) weight = static_cast<float>(0.3 * rng.Normal());
  return weights;
}

class Gradient : public testing::TestWithParam<data::Task> {};
INSTANTIATE_TEST_SUITE_P(Tasks, Gradient,
                         testing::Values(data::Task::kBinary, data::Task::kMulticlass, data::Task::kRegression),
                         [](const auto& task) { return std::string(data::Name(task.param)); });

// The derivative by each parameter is the slope of the loss between two points to its sides. Where a ReLU has its
// corner between them the slope is another, so one of several distances has to agree.
TEST_P(Gradient, EqualsFiniteDifferences) {
  const auto task = GetParam();
  const Layout layout(ShapeFor(task));
  const auto rows = RowsFor(layout.shape, task);
  auto weights = RandomWeights(layout);
  Pass pass(BestKernels(), layout, kRows);
  pass.Load(rows, nullptr, 0, kRows);
  Floats gradient(weights.size()), scratch(weights.size());
  const auto loss_at = [&] {
    pass.Forward(weights.data());
    return pass.Backward(task, weights.data(), 1, scratch.data());
  };
  pass.Forward(weights.data());
  pass.Backward(task, weights.data(), 1, gradient.data());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const float weight = weights[i];
    const auto slope = [&](float step) {
      weights[i] = weight + step;
      const double above = loss_at();
      weights[i] = weight - step;
      const double below = loss_at();
      weights[i] = weight;
      return (above - below) / (2 * static_cast<double>(step));
    };
    double nearest = 1e9;
    for (const float step : {1e-2F, 4e-3F, 2e-3F, 1e-3F, 5e-4F, 2e-4F})
      nearest = std::min(nearest, std::abs(slope(step) - static_cast<double>(gradient[i])));
    ASSERT_LT(nearest, 5e-3 * std::max(1.0F, std::abs(gradient[i]))) << "parameter " << i << " of " << weights.size();
  }
}

TEST(Network, PassesEachRowByItself) {
  const Layout layout(ShapeFor(data::Task::kBinary));
  const auto rows = RowsFor(layout.shape, data::Task::kBinary);
  const auto weights = RandomWeights(layout);
  Pass all(BestKernels(), layout, kRows), one(BestKernels(), layout, 1);
  all.Load(rows, nullptr, 0, kRows);
  const float* together = all.Forward(weights.data());
  for (std::int64_t row = 0; row < kRows; ++row) {
    one.Load(rows, nullptr, row, 1);
    EXPECT_EQ(one.Forward(weights.data())[0], together[row]) << "row " << row;
  }
}

TEST(Network, UnitsBeyondTheAskedOnesStaySilent) {
  Shape shape = ShapeFor(data::Task::kBinary);
  const Layout layout(shape);
  EXPECT_EQ(layout.widths[0], 32);
  Floats weights(static_cast<std::size_t>(layout.size), 0.0F), gradient(weights.size());
  for (std::int64_t input = 0; input < layout.dense_inputs; ++input) {
    for (int unit = 0; unit < 19; ++unit)
      weights[static_cast<std::size_t>(layout.weights[0] + input * 32 + unit)] = 0.5F;
  }
  const auto rows = RowsFor(shape, data::Task::kBinary);
  Pass pass(BestKernels(), layout, kRows);
  pass.Load(rows, nullptr, 0, kRows);
  pass.Forward(weights.data());
  pass.Backward(data::Task::kBinary, weights.data(), 1, gradient.data());
  for (std::int64_t input = 0; input < layout.dense_inputs; ++input) {
    for (int unit = 19; unit < 32; ++unit)
      EXPECT_EQ(gradient[static_cast<std::size_t>(layout.weights[0] + input * 32 + unit)], 0);
  }
}

TEST(Network, DropsCodesAndUnitsOnlyWhereNoiseIsAskedFor) {
  const Layout layout(ShapeFor(data::Task::kBinary));
  const auto rows = RowsFor(layout.shape, data::Task::kBinary);
  const auto weights = RandomWeights(layout);
  const auto outputs = [&](const Noise& noise) {
    Pass pass(BestKernels(), layout, kRows);
    pass.Load(rows, nullptr, 0, kRows, noise);
    const float* z = pass.Forward(weights.data());
    return std::vector<float>(z, z + kRows);
  };
  EXPECT_EQ(outputs({}), outputs({.seed = 9}));
  EXPECT_EQ(outputs({.dropout = 0.3, .code_dropout = 0.5, .seed = 9}),
            outputs({.dropout = 0.3, .code_dropout = 0.5, .seed = 9}));
  EXPECT_NE(outputs({.dropout = 0.3, .seed = 9}), outputs({.dropout = 0.3, .seed = 10}));
  EXPECT_NE(outputs({.code_dropout = 0.5, .seed = 9}), outputs({}));
}

}  // namespace
}  // namespace retrain::model::mlp
