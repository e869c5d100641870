#include "retrain/stats/rank_tests.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

// The variance of A²akN under the null (Scholz and Stephens 1987, eq. 4) for two samples. Their double sum g has the
// closed form H₂(N) - 2 H(N-1)/N - 1/N², with H and H₂ the harmonic sums of 1/i and 1/i².
double TailMisfitVariance(double n, double m) {
  const double total = n + m;
  const double harmonic = boost::math::digamma(total) + std::numbers::egamma;
  const double squares = std::numbers::pi * std::numbers::pi / 6 - boost::math::trigamma(total + 1);
  const double g = squares - 2 * harmonic / total - 1 / (total * total);
  const double h = harmonic;
  const double sizes = 1 / n + 1 / m;
  constexpr double k = 2;
  const double a = (4 * g - 6) * (k - 1) + (10 - 6 * g) * sizes;
  const double b = (2 * g - 4) * k * k + 8 * h * k + (2 * g - 14 * h - 4) * sizes - 8 * h + 4 * g - 6;
  const double c = (6 * h + 2 * g - 2) * k * k + (4 * h - 4 * g + 6) * k + (2 * h - 6) * sizes + 4 * h;
  const double d = (2 * h + 6) * k * k - 4 * h * k;
  return (((a * total + b) * total + c) * total + d) / ((total - 1) * (total - 2) * (total - 3));
}

// Coefficients, constant first, of the least-squares parabola through points.
std::array<double, 3> Parabola(std::span<const double> x, std::span<const double> y) {
  // Orthogonal polynomials over the points (Forsythe 1957): nothing to solve.
  const auto count = static_cast<double>(x.size());
  double mean = 0;
  for (const double value : x) mean += value / count;
  double second = 0;
  double third = 0;
  for (const double value : x) {
    second += (value - mean) * (value - mean);
    third += (value - mean) * (value - mean) * (value - mean);
  }
  const double tilt = third / second;
  double fit[3] = {0, 0, 0};
  double square = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double t = x[i] - mean;
    const double q = t * t - tilt * t - second / count;
    fit[0] += y[i] / count;
    fit[1] += y[i] * t / second;
    fit[2] += y[i] * q;
    square += q * q;
  }
  fit[2] /= square;
  const double slope = fit[1] - fit[2] * tilt;
  return {fit[0] - fit[2] * second / count - slope * mean + fit[2] * mean * mean, slope - 2 * fit[2] * mean, fit[2]};
}

// P(U >= u) without ties: how many of the binomial(n + m, n) orders have a sum of at least u.
double ExactWinsTail(std::int64_t n, std::int64_t m, std::int64_t u) {
  // ways[k][s]: orders of k of the first sample among those of the second seen so far, with s wins
  const std::int64_t most = n * m;
  std::vector<std::vector<double>> ways(n + 1, std::vector<double>(most + 1, 0));
  for (std::int64_t k = 0; k <= n; ++k) ways[k][0] = 1;
  for (std::int64_t j = 1; j <= m; ++j) {
    for (std::int64_t k = 1; k <= n; ++k) {
      for (std::int64_t s = most; s >= 0; --s) {
        // the largest value is of the first sample and beats all j, or of the second
        ways[k][s] += s >= j ? ways[k - 1][s - j] : 0;
      }
    }
  }
  double all = 0;
  double far = 0;
  for (std::int64_t s = 0; s <= most; ++s) {
    all += ways[n][s];
    if (s >= u) far += ways[n][s];
  }
  return far / all;
}

}  // namespace

TestResult AndersonDarling(const Merged& merged) {
  RETRAIN_ALWAYS(merged.distinct >= 2 && merged.n_first + merged.n_second >= 4);
  const double variance = TailMisfitVariance(static_cast<double>(merged.n_first), static_cast<double>(merged.n_second));
  const double statistic = (merged.tail_misfit - 1) / std::sqrt(variance);
  // Table 2 of Scholz and Stephens for one degree of freedom: b0 + b1 + b2.
  constexpr std::array<double, 7> kCritical = {0.675 - 0.245 - 0.105, 1.281 + 0.25 - 0.305,  1.645 + 0.678 - 0.362,
                                               1.96 + 1.149 - 0.391,  2.326 + 1.822 - 0.396, 2.573 + 2.364 - 0.345,
                                               3.085 + 3.615 - 0.154};
  constexpr std::array<double, 7> kLevel = {0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};
  if (statistic < kCritical.front()) return {statistic, kLevel.front()};
  if (statistic > kCritical.back()) return {statistic, kLevel.back()};
  std::array<double, 7> logs{};
  for (std::size_t i = 0; i < logs.size(); ++i) logs[i] = std::log(kLevel[i]);
  const auto fit = Parabola(kCritical, logs);
  return {statistic, std::exp(fit[0] + (fit[1] + fit[2] * statistic) * statistic)};
}

TestResult MannWhitney(const Merged& merged, Alternative alternative) {
  constexpr std::int64_t kSmallerExact = 8;
  constexpr std::int64_t kLargerExact = 1000;
  const auto n = static_cast<double>(merged.n_first);
  const auto m = static_cast<double>(merged.n_second);
  const double u = static_cast<double>(merged.twice_wins) / 2;
  const double opposite = n * m - u;
  const double towards = alternative == Alternative::kGreater ? u
                         : alternative == Alternative::kLess  ? opposite
                                                              : std::max(u, opposite);
  const double sides = alternative == Alternative::kTwoSided ? 2 : 1;
  if (std::min(merged.n_first, merged.n_second) <= kSmallerExact && merged.tie_term == 0 &&
      std::max(merged.n_first, merged.n_second) <= kLargerExact) {
    const double tail = ExactWinsTail(merged.n_first, merged.n_second, std::llrint(towards));
    return {u, std::min(1.0, sides * tail)};
  }
  const double total = n + m;
  const double error = std::sqrt(std::max(0.0, n * m / 12 * (total + 1 - merged.tie_term / (total * (total - 1)))));
  const double z = (towards - n * m / 2 - 0.5) / error;  // -inf when all values are equal
  return {u, std::min(1.0, sides * NormalCdf(-z))};
}

double EnergyDistance(const Merged& merged) { return std::sqrt(2 * merged.squared_area); }

}  // namespace retrain::stats
