#include "retrain/stats/kolmogorov_laws.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <boost/math/quadrature/gauss.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "retrain/base/result.h"

namespace retrain::stats {
namespace {

constexpr double kPi = std::numbers::pi;

// ln k! less Stirling's formula, and the deviance of a Poisson count: the two parts from which Loader (2000) computes
// binomial probabilities without cancellation. Both take real arguments.
double StirlingError(double k) {
  if (k < 16) {
    if (k <= 0) return 0;
    return boost::math::lgamma(k + 1) - (k + 0.5) * std::log(k) + k - 0.5 * std::log(2 * kPi);
  }
  const double square = k * k;
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / k;
}
double Deviance(double seen, double expected) {
  if (std::fabs(seen - expected) >= 0.1 * (seen + expected)) {
    return seen * std::log(seen / expected) + expected - seen;
  }
  const double v = (seen - expected) / (seen + expected);
  double sum = (seen - expected) * v;
  double power = 2 * seen * v;
  for (int j = 1; j < 1000; ++j) {
    power *= v * v;
    const double next = sum + power / (2 * j + 1);
    if (next == sum) break;
    sum = next;
  }
  return sum;
}

// The j-th of Smirnov's terms: d binomial(n, j) (d + j/n)^(j-1) (1 - d - j/n)^(n-j). Smooth in j.
double SmirnovTerm(double n, double d, double j) {
  const double p = d + j / n;
  if (p >= 1) return 0;
  if (j == 0) return std::exp(n * std::log1p(-d));
  const double exponent =
      StirlingError(n) - StirlingError(j) - StirlingError(n - j) - Deviance(j, n * p) - Deviance(n - j, n * (1 - p));
  return std::exp(exponent) * std::sqrt(n / (2 * kPi * j * (n - j))) * d / p;
}

double SumOfTerms(double n, double d, std::int64_t first, std::int64_t last) {
  double sum = 0;
  for (std::int64_t j = first; j <= last; ++j) sum += SmirnovTerm(n, d, static_cast<double>(j));
  return sum;
}

// The sum of the terms first … last as an integral from first - 1/2 to last + 1/2, by Gauss and Legendre in pieces that
// shrink towards both ends, with the first correction of Euler and Maclaurin.
double IntegralOfTerms(double n, double d, double first, double last, double end) {
  double sum = 0;
  for (double low = first - 0.5; low < last + 0.5;) {
    double high = low + std::min({low / 2, (end - low) / 2, n / 64});
    if (end - low < 2 * (end - last)) high = last + 0.5;
    high = std::min(high, last + 0.5);
    sum += boost::math::quadrature::gauss<double, 15>::integrate([&](double j) { return SmirnovTerm(n, d, j); }, low,
                                                                 high);
    low = high;
  }
  const double slope_at_end = SmirnovTerm(n, d, last + 1) - SmirnovTerm(n, d, last);
  const double slope_at_start = SmirnovTerm(n, d, first) - SmirnovTerm(n, d, first - 1);
  return sum - (slope_at_end - slope_at_start) / 24;
}

// A square matrix times 2^exponent.
struct Scaled {
  std::size_t size = 0;
  std::vector<double> cells;
  int exponent = 0;

  double& At(std::size_t row, std::size_t column) { return cells[row * size + column]; }
  double At(std::size_t row, std::size_t column) const { return cells[row * size + column]; }
};

Scaled Product(const Scaled& a, const Scaled& b) {
  Scaled c{a.size, std::vector<double>(a.cells.size()), a.exponent + b.exponent};
  for (std::size_t i = 0; i < a.size; ++i) {
    for (std::size_t k = 0; k < a.size; ++k) {
      for (std::size_t j = 0; j < a.size; ++j) c.At(i, j) += a.At(i, k) * b.At(k, j);
    }
  }
  if (c.At(a.size / 2, a.size / 2) > 0x1p128) {
    for (double& cell : c.cells) cell *= 0x1p-128;
    c.exponent += 128;
  }
  return c;
}

// P(D_n < d): n!/nⁿ times the middle cell of the n-th power of Durbin's matrix, of size 2 ceil(n d) - 1.
double ByMatrix(std::int64_t n, double d) {
  const double reach = static_cast<double>(n) * d;
  const auto k = static_cast<std::size_t>(std::ceil(reach));
  const double h = static_cast<double>(k) - reach;
  const std::size_t size = 2 * k - 1;
  Scaled step{size, std::vector<double>(size * size), 0};
  std::vector<double> inverse_factorial(size + 1, 1);
  for (std::size_t i = 1; i <= size; ++i) inverse_factorial[i] = inverse_factorial[i - 1] / static_cast<double>(i);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size && j <= i + 1; ++j) step.At(i, j) = inverse_factorial[i + 1 - j];
  }
  for (std::size_t i = 0; i < size; ++i) {
    const double edge = (1 - std::pow(h, i + 1)) * inverse_factorial[i + 1];
    step.At(i, 0) = edge;
    step.At(size - 1, size - 1 - i) = edge;
  }
  const auto m = static_cast<double>(size);
  const double corner = 1 - 2 * std::pow(h, m) + (h > 0.5 ? std::pow(2 * h - 1, m) : 0);
  step.At(size - 1, 0) = corner * inverse_factorial[size];

  Scaled power{size, std::vector<double>(size * size), 0};
  for (std::size_t i = 0; i < size; ++i) power.At(i, i) = 1;
  for (std::int64_t rest = n; rest > 0; rest /= 2) {
    if (rest % 2 == 1) power = Product(power, step);
    if (rest > 1) step = Product(step, step);
  }
  double p = power.At(k - 1, k - 1);
  int exponent = power.exponent;
  for (std::int64_t i = 1; i <= n; ++i) {
    p *= static_cast<double>(i) / static_cast<double>(n);
    if (p < 0x1p-128) {
      p *= 0x1p128;
      exponent -= 128;
    }
  }
  return std::ldexp(p, exponent);
}

// P(D_n < d) by the expansion of Pelz and Good in powers of 1/sqrt(n), each coefficient a theta series.
double BySeries(std::int64_t n, double d) {
  const double root = std::sqrt(static_cast<double>(n));
  const double z = root * d;
  const double z2 = z * z;
  const double z4 = z2 * z2;
  const double z6 = z4 * z2;
  const double pi2 = kPi * kPi;
  const double decay = -pi2 / 8 / z2;
  if (decay < -708) return 0;
  std::array<double, 4> sums{};
  const int last = static_cast<int>(std::ceil(16 * z / kPi));
  for (int k = last; k > 0; --k) {
    const double odd = 2.0 * k - 1;
    const double o2 = odd * odd;
    const double o4 = o2 * o2;
    const double weight = std::exp(decay * o2);
    sums[0] += weight;
    sums[1] += weight * (pi2 / 4 * o2 - z2);
    sums[2] += weight * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * pi2 / 4 * o2 + pi2 * pi2 * (1 - 2 * z2) / 16 * o4);
    sums[3] += weight * (-30 * z6 - 90 * z4 * z4 + pi2 * (135 * z4 - 96 * z6) / 4 * o2 +
                         pi2 * pi2 * (212 * z4 - 60 * z2) / 16 * o4 + pi2 * pi2 * pi2 * (5 - 30 * z2) / 64 * o4 * o2);
  }
  double even2 = 0;
  double even3 = 0;
  for (int k = last; k > 0; --k) {
    const double k2 = static_cast<double>(k) * k;
    const double weight = std::exp(-pi2 / 2 / z2 * k2);
    even2 += k2 * weight;
    even3 += (3 * z2 - pi2 * k2) * k2 * weight;
  }
  const double scale = std::sqrt(2 * kPi);
  const double k0 = scale * sums[0] / z;
  const double k1 = scale * sums[1] / (6 * z4);
  const double k2 = scale * (sums[2] / (72 * z6 * z) - pi2 * even2 / (36 * z2 * z));
  const double k3 = scale * (sums[3] / (6480 * z6 * z4) + pi2 * even3 / (216 * z6));
  return k0 + (k1 + (k2 + k3 / root) / root) / root;
}

// P(D_n < d) where n d <= 1 (Ruben and Gambino 1982).
double NearestHalf(double n, double reach) {
  return reach <= 0.5 ? 0 : std::exp(boost::math::lgamma(n + 1) + n * std::log((2 * reach - 1) / n));
}

}  // namespace

double SmirnovTail(std::int64_t n, double d) {
  RETRAIN_ALWAYS(n >= 1);
  if (d <= 0) return 1;
  if (d >= 1) return 0;
  constexpr std::int64_t kByTerms = 128;  // at either end, where the terms bend too much for the integral
  const auto size = static_cast<double>(n);
  const auto last = std::min(n - 1, static_cast<std::int64_t>(std::floor(size * (1 - d))));
  if (last <= 16 * kByTerms) return std::min(1.0, SumOfTerms(size, d, 0, last));
  const double middle =
      IntegralOfTerms(size, d, kByTerms, static_cast<double>(last - kByTerms), static_cast<double>(last));
  return std::min(1.0, SumOfTerms(size, d, 0, kByTerms - 1) + middle + SumOfTerms(size, d, last - kByTerms + 1, last));
}

double KolmogorovTail(std::int64_t n, double d) {
  RETRAIN_ALWAYS(n >= 1);
  constexpr std::int64_t kByMatrix = 140;
  constexpr std::int64_t kBySlowMatrix = 10000;  // for small d; beyond, the series is as exact
  if (d >= 1) return 0;
  if (d <= 0) return 1;
  const auto size = static_cast<double>(n);
  const double reach = size * d;
  if (reach <= 1) return 1 - NearestHalf(size, reach);
  if (reach >= size - 1) return 2 * std::pow(1 - d, size);
  const double spread = reach * d;
  if (d >= 0.5 || spread > 4 || (n > kByMatrix && spread >= 2.2)) {
    return spread >= 370 ? 0 : std::min(1.0, 2 * SmirnovTail(n, d));
  }
  const bool by_matrix = n <= kByMatrix || (n <= kBySlowMatrix && reach * std::sqrt(d) <= 1.4);
  const double inside = by_matrix ? ByMatrix(n, d) : BySeries(n, d);
  return std::clamp(1 - inside, 0.0, 1.0);
}

}  // namespace retrain::stats
