#include "retrain/stats/binomial_sampler.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

// Pearson's statistic of draws against the exact law, cells of at least 50 expected draws, as a standard normal
// (Wilson and Hilferty 1931).
double Misfit(std::int64_t n, double p, int draws, std::uint64_t seed) {
  Rng rng(seed);
  const double mean = static_cast<double>(n) * p;
  const double reach = 6 * std::sqrt(mean * (1 - p)) + 6;
  const auto first = static_cast<std::int64_t>(std::max(0.0, std::floor(mean - reach)));
  const auto last = std::min(n, static_cast<std::int64_t>(std::ceil(mean + reach)));
  std::vector<double> seen(last - first + 1);
  for (int i = 0; i < draws; ++i) {
    const auto k = DrawBinomial(rng, n, p);
    EXPECT_TRUE(k >= 0 && k <= n);
    ++seen[std::clamp(k, first, last) - first];
  }
  double statistic = 0;
  double cells = 0;
  double observed = 0;
  double expected = 0;
  double rest = draws;
  for (std::int64_t k = first; k <= last; ++k) {
    const double mass = draws * BinomialPmf(k, n, p);
    observed += seen[k - first];
    expected += mass;
    rest -= mass;
    if ((expected < 50 || rest < 50) && k != last) continue;
    statistic += (observed - expected) * (observed - expected) / expected;
    cells += 1;
    observed = expected = 0;
  }
  const double degrees = cells - 1;
  return (std::cbrt(statistic / degrees) - (1 - 2 / (9 * degrees))) / std::sqrt(2 / (9 * degrees));
}

TEST(BinomialSampler, DrawsFromTheExactLaw) {
  struct Case {
    std::int64_t n;
    double p;
  };
  const Case cases[] = {{7, 0.3},       {40, 0.2},       {40, 0.25},        {21, 0.5},      {60, 0.9},
                        {1000, 0.003},  {1000, 0.01},    {1000, 0.97},      {20000, 0.055}, {20000, 0.5},
                        {1000000, 0.2}, {1000000, 9e-6}, {3000000000, 1e-8}};
  for (const auto& c : cases) {
    EXPECT_LT(Misfit(c.n, c.p, 200000, 5), 4.75) << "n " << c.n << ", p " << c.p << ": chance 1e-6 under the exact law";
  }
}

TEST(BinomialSampler, KnowsItsEnds) {
  Rng rng(1);
  EXPECT_EQ(DrawBinomial(rng, 0, 0.5), 0);
  EXPECT_EQ(DrawBinomial(rng, 9, 0), 0);
  EXPECT_EQ(DrawBinomial(rng, 9, 1), 9);
}

TEST(BinomialSampler, GivesTheSameNumbersForTheSameSeed) {
  Rng one(42);
  Rng other(42);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(DrawBinomial(one, 500 + i, 0.1), DrawBinomial(other, 500 + i, 0.1));
}

}  // namespace
}  // namespace retrain::stats
