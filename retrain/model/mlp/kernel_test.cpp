#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/model/mlp/kernel_loader.h"

namespace retrain::model::mlp {
namespace {

std::vector<float> Noise(std::size_t n, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<float> values(n);
  for (auto& value : values) value = static_cast<float>(rng.Normal());
  return values;
}

// Each instruction set of this machine against plain loops in double.
class Kernel : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto found = FindKernels(GetParam());
    if (!found.ok()) GTEST_SKIP() << found.error().message;
    kernels_ = *found;
    ASSERT_STREQ(kernels_->name, GetParam());
  }
  const Kernels* kernels_ = nullptr;
};
INSTANTIATE_TEST_SUITE_P(Levels, Kernel, testing::Values("generic", "v2", "v3", "v4"),
                         [](const auto& level) { return std::string(level.param); });

TEST_P(Kernel, MultipliesAsThreeLoopsDo) {
  for (const std::int64_t n : {16, 32, 48, 64, 80, 112, 128}) {
    for (const std::int64_t m : {1, 2, 5, 6, 13, 128}) {
      const std::int64_t k = 37;
      const auto a = Noise(static_cast<std::size_t>(m * k), 1), b = Noise(static_cast<std::size_t>(k * n), 2),
                 bias = Noise(static_cast<std::size_t>(n), 3);
      for (const bool transposed : {false, true}) {
        auto c = Noise(static_cast<std::size_t>(m * n), 4);
        const auto before = c;
        Product product{.m = m,
                        .k = k,
                        .n = n,
                        .a = a.data(),
                        .a_row = transposed ? 1 : k,
                        .a_step = transposed ? m : 1,
                        .b = b.data(),
                        .b_row = n,
                        .c = c.data(),
                        .c_row = n,
                        .bias = transposed ? nullptr : bias.data(),
                        .accumulate = transposed,
                        .relu = !transposed};
        kernels_->multiply(&product);
        for (std::int64_t i = 0; i < m; ++i) {
          for (std::int64_t j = 0; j < n; ++j) {
            double sum = transposed ? before[i * n + j] : bias[j];
            for (std::int64_t q = 0; q < k; ++q)
              sum += static_cast<double>(a[transposed ? q * m + i : i * k + q]) * b[q * n + j];
            if (!transposed) sum = std::max(sum, 0.0);
            ASSERT_NEAR(c[i * n + j], sum, 1e-4) << m << "x" << n << " at " << i << "," << j;
          }
        }
      }
    }
  }
}

TEST_P(Kernel, Transposes) {
  const auto in = Noise(22 * 32, 1);
  std::vector<float> out(32 * 22);
  kernels_->transpose(22, 32, in.data(), 32, out.data(), 22);
  for (int r = 0; r < 22; ++r) {
    for (int c = 0; c < 32; ++c) ASSERT_EQ(out[c * 22 + r], in[r * 32 + c]);
  }
}

TEST_P(Kernel, FillsMissingNumbersWithZeroAndSaysSo) {
  const std::vector<float> numbers = {1, NAN, 3, NAN, 5, 6};
  const std::vector<std::uint32_t> order = {1, 0};
  const std::vector<std::int32_t> nullable = {0, 1};
  std::vector<float> out(10, -1);
  const DenseRows rows{.rows = 2,
                       .numbers = numbers.data(),
                       .width = 3,
                       .order = order.data(),
                       .nullable = nullable.data(),
                       .nullable_count = 2,
                       .out = out.data(),
                       .out_row = 5};
  kernels_->dense_rows(&rows);
  EXPECT_EQ(out, (std::vector<float>{0, 5, 6, 1, 0, 1, 0, 3, 0, 1}));
}

TEST_P(Kernel, GathersAndScattersCodedRows) {
  std::vector<float> table(3 * 8);
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = static_cast<float>(i);
  const std::vector<std::uint32_t> codes = {2, 0, 1, 1};
  const CodedRows rows{.rows = 2, .columns = 2, .codes = codes.data(), .n = 8, .column_step = 8};
  std::vector<float> out(32, 1);
  kernels_->gather(&rows, table.data(), out.data(), 16);
  EXPECT_EQ(out[0], 17);
  EXPECT_EQ(out[8], 1);
  EXPECT_EQ(out[16], 9);
  EXPECT_EQ(out[24], 9);
  std::vector<float> sums(3 * 8, 0);
  kernels_->scatter(&rows, out.data(), 16, sums.data());
  EXPECT_EQ(sums[16], 17);
  EXPECT_EQ(sums[8], 18);
  EXPECT_EQ(sums[0], 1);
}

TEST_P(Kernel, GivesTheLossesAndTheirGradients) {
  const std::vector<float> z = {-90, -3, -0.1F, 0, 0.2F, 4, 95}, y = {0, 1, 0, 1, 1, 0, 0},
                           w = {1, 2, 1, 1, 0.5F, 1, 1};
  std::vector<float> gradient(7);
  LossRows rows{.rows = 7,
                .outputs = z.data(),
                .output_row = 1,
                .classes = 1,
                .labels = y.data(),
                .weights = w.data(),
                .scale = 0.5F,
                .gradient = gradient.data()};
  double expected = 0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    expected += static_cast<double>(w[i]) * (std::max(z[i], 0.0F) - static_cast<double>(y[i] * z[i]) +
                                             std::log1p(std::exp(-std::abs(static_cast<double>(z[i])))));
  }
  EXPECT_NEAR(kernels_->binary_loss(&rows), expected, 1e-4);
  for (std::size_t i = 0; i < z.size(); ++i)
    EXPECT_NEAR(gradient[i], 0.5F * w[i] * (1 / (1 + std::exp(-z[i])) - y[i]), 1e-6);

  const auto scores = Noise(3 * 16, 5);
  const std::vector<float> labels = {4, 0, 2};
  std::vector<float> back(3 * 16, 9);
  LossRows many{.rows = 3,
                .outputs = scores.data(),
                .output_row = 16,
                .classes = 5,
                .labels = labels.data(),
                .weights = nullptr,
                .scale = 1,
                .gradient = back.data()};
  double total = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < 5; ++c) sum += std::exp(static_cast<double>(scores[i * 16 + c]));
    total += std::log(sum) - static_cast<double>(scores[i * 16 + static_cast<std::size_t>(labels[i])]);
  }
  EXPECT_NEAR(kernels_->softmax_loss(&many), total, 1e-5);
  EXPECT_EQ(back[7], 0);
  double balance = 0;
  for (std::size_t c = 0; c < 5; ++c) balance += static_cast<double>(back[c]);
  EXPECT_NEAR(balance, 0, 1e-6);
}

TEST_P(Kernel, TakesAStepOfAdam) {
  auto w = Noise(32, 1), mean = Noise(32, 2), square = Noise(32, 3);
  for (auto& s : square) s = std::abs(s);
  const auto first = Noise(32, 4), second = Noise(32, 5), w0 = w, m0 = mean, s0 = square;
  const float* gradients[] = {first.data(), second.data()};
  const AdamStep step{.n = 16,
                      .gradients = gradients,
                      .shards = 2,
                      .offset = 16,
                      .weights = w.data() + 16,
                      .mean = mean.data() + 16,
                      .square = square.data() + 16,
                      .rate = 0.01F,
                      .square_scale = 1.5F,
                      .beta1 = 0.9F,
                      .beta2 = 0.95F,
                      .epsilon = 1e-8F,
                      .keep = 0.99F};
  kernels_->adam(&step);
  for (std::size_t i = 0; i < 32; ++i) {
    const double g = first[i] + second[i], m = 0.9 * m0[i] + 0.1 * g, s = 0.95 * s0[i] + 0.05 * g * g;
    EXPECT_NEAR(w[i], i < 16 ? w0[i] : w0[i] * 0.99 - 0.01 * m / (std::sqrt(s) * 1.5 + 1e-8), 1e-5);
  }
}

TEST_P(Kernel, DropsTheAskedShare) {
  std::vector<float> values(10'000, 1);
  kernels_->dropout(10'000, values.data(), 42, 0.25F, 2);
  int kept = 0;
  for (const float value : values) {
    ASSERT_TRUE(value == 0 || value == 2);
    kept += value == 2 ? 1 : 0;
  }
  EXPECT_NEAR(kept, 7500, 250);  // 5.8 standard deviations
}

TEST(Kernels, AreTheFastestThisProcessorHas) {
  for (const auto name : {"v4", "v3", "v2"}) {
    if (FindKernels(name).ok()) {
      EXPECT_STREQ(BestKernels().name, name);
      return;
    }
  }
  EXPECT_STREQ(BestKernels().name, "generic");
}

}  // namespace
}  // namespace retrain::model::mlp
