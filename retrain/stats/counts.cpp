#include "retrain/stats/counts.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <boost/math/special_functions/gamma.hpp>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

double Sum(std::span<const std::int64_t> counts) {
  RETRAIN_ALWAYS(std::all_of(counts.begin(), counts.end(), [](std::int64_t count) { return count >= 0; }));
  const auto sum = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  RETRAIN_ALWAYS(sum > 0);
  return sum;
}

// Adds up `term(observed, expected)` over the cells of the table whose category occurs at all.
template <class Term>
ContingencyResult OverCells(std::span<const std::int64_t> first, std::span<const std::int64_t> second, Term term) {
  RETRAIN_ALWAYS(first.size() == second.size());
  const double n = Sum(first);
  const double m = Sum(second);
  ContingencyResult result{.degrees = -1};
  double statistic = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    const auto both = static_cast<double>(first[i] + second[i]);
    if (both == 0) continue;
    ++result.degrees;
    statistic += term(static_cast<double>(first[i]), both * n / (n + m));
    statistic += term(static_cast<double>(second[i]), both * m / (n + m));
  }
  if (result.degrees > 0) {
    result.test = {statistic, ChiSquareUpperTail(statistic, static_cast<double>(result.degrees))};
  }
  return result;
}

double LogBinomial(std::int64_t n, std::int64_t k) {
  const auto log_factorial = [](std::int64_t i) { return boost::math::lgamma(static_cast<double>(i) + 1); };
  return log_factorial(n) - log_factorial(k) - log_factorial(n - k);
}

}  // namespace

ContingencyResult ChiSquare(std::span<const std::int64_t> first, std::span<const std::int64_t> second, bool yates) {
  const auto occurring = [&] {
    std::size_t count = 0;
    for (std::size_t i = 0; i < first.size(); ++i) count += first[i] + second[i] > 0 ? 1 : 0;
    return count;
  };
  const double most = yates && occurring() == 2 ? 0.5 : 0;
  return OverCells(first, second, [most](double observed, double expected) {
    const double gap = std::fabs(observed - expected);
    const double left = gap - std::min(most, gap);
    return left * left / expected;
  });
}

ContingencyResult LogLikelihoodRatio(std::span<const std::int64_t> first, std::span<const std::int64_t> second) {
  return OverCells(first, second, [](double observed, double expected) {
    return observed == 0 ? 0 : 2 * observed * std::log(observed / expected);
  });
}

TestResult GoodnessOfFit(std::span<const std::int64_t> observed, std::span<const double> expected) {
  RETRAIN_ALWAYS(observed.size() == expected.size());
  double statistic = 0;
  for (std::size_t i = 0; i < observed.size(); ++i) {
    const double gap = static_cast<double>(observed[i]) - expected[i];
    statistic += gap * gap / expected[i];
  }
  if (observed.size() == 1) return {statistic, 1};
  if (std::isinf(statistic)) return {statistic, 0};
  return {statistic, ChiSquareUpperTail(statistic, static_cast<double>(observed.size()) - 1)};
}

TestResult FisherExact(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  RETRAIN_ALWAYS(a >= 0 && b >= 0 && c >= 0 && d >= 0);
  const double odds =
      static_cast<double>(a) * static_cast<double>(d) / (static_cast<double>(b) * static_cast<double>(c));
  if (a + b == 0 || c + d == 0 || a + c == 0 || b + d == 0) return {std::numeric_limits<double>::quiet_NaN(), 1};
  const std::int64_t row = a + b;
  const std::int64_t column = a + c;
  const std::int64_t all = a + b + c + d;
  // the law of `a` is hypergeometric
  const auto log_mass = [&](std::int64_t k) {
    return LogBinomial(row, k) + LogBinomial(all - row, column - k) - LogBinomial(all, column);
  };
  constexpr double kSameMass = 1e-7;  // masses that are equal but for rounding
  const double seen = log_mass(a);
  double p = 0;
  for (std::int64_t k = std::max<std::int64_t>(0, column - (all - row)); k <= std::min(row, column); ++k) {
    const double mass = log_mass(k);
    if (mass <= seen + kSameMass) p += std::exp(mass);
  }
  return {odds, std::min(1.0, p)};
}

TestResult TwoProportionZ(std::int64_t hits, std::int64_t n, std::int64_t hits_second, std::int64_t n_second) {
  RETRAIN_ALWAYS(n > 0 && n_second > 0);
  const auto first = static_cast<double>(n);
  const auto second = static_cast<double>(n_second);
  const double pooled = static_cast<double>(hits + hits_second) / (first + second);
  const double difference = static_cast<double>(hits) / first - static_cast<double>(hits_second) / second;
  const double z = difference / std::sqrt(pooled * (1 - pooled) * (1 / first + 1 / second));
  return {z, 2 * NormalCdf(-std::fabs(z))};
}

}  // namespace retrain::stats
