#include "retrain/stats/mean_tests.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"
#include "retrain/stats/sort_values.h"

namespace retrain::stats {
namespace {

struct Spread {
  double n = 0;
  double mean = 0;
  double variance = 0;  // n - 1
};
Spread SpreadOf(std::span<const double> values) {
  RETRAIN_ALWAYS(values.size() >= 2);
  Spread spread{.n = static_cast<double>(values.size())};
  for (const double value : values) spread.mean += value;
  spread.mean /= spread.n;
  for (const double value : values) spread.variance += (value - spread.mean) * (value - spread.mean);
  spread.variance /= spread.n - 1;
  return spread;
}

TestResult TwoSidedT(double difference, double error, double degrees) {
  const double t = difference / error;
  if (!std::isfinite(t)) return {t, std::isnan(t) ? std::numeric_limits<double>::quiet_NaN() : 0};
  return {t, 2 * StudentCdf(-std::fabs(t), degrees)};
}

constexpr std::size_t kParts = 4;  // cosine and sine at two points
using Vector = std::array<double, kParts>;
using Matrix = std::array<Vector, kParts>;

struct Characteristic {
  Vector mean{};
  Matrix covariance{};  // over n
};

Characteristic CharacteristicOf(std::span<const double> values, double scale) {
  const auto parts = [scale](double value) {
    return Vector{std::cos(0.4 / scale * value), std::cos(0.8 / scale * value), std::sin(0.4 / scale * value),
                  std::sin(0.8 / scale * value)};
  };
  const auto n = static_cast<double>(values.size());
  Characteristic seen;
  for (const double value : values) {
    const Vector part = parts(value);
    for (std::size_t i = 0; i < kParts; ++i) seen.mean[i] += part[i];
  }
  for (double& mean : seen.mean) mean /= n;
  for (const double value : values) {
    Vector part = parts(value);
    for (std::size_t i = 0; i < kParts; ++i) part[i] -= seen.mean[i];
    for (std::size_t i = 0; i < kParts; ++i) {
      for (std::size_t j = 0; j <= i; ++j) seen.covariance[i][j] += part[i] * part[j];
    }
  }
  for (std::size_t i = 0; i < kParts; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      seen.covariance[i][j] /= n;
      seen.covariance[j][i] = seen.covariance[i][j];
    }
  }
  return seen;
}

// Jacobi's rotations: `matrix` becomes diagonal, the columns of `basis` its eigenvectors.
void Diagonalise(Matrix& matrix, Matrix& basis) {
  basis = {};
  for (std::size_t i = 0; i < kParts; ++i) basis[i][i] = 1;
  for (int sweep = 0; sweep < 60; ++sweep) {
    double off = 0;
    for (std::size_t p = 0; p < kParts; ++p) {
      for (std::size_t q = p + 1; q < kParts; ++q) {
        off = std::max(off, std::fabs(matrix[p][q]));
        if (matrix[p][q] == 0) continue;
        const double theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
        const double t = (theta >= 0 ? 1 : -1) / (std::fabs(theta) + std::sqrt(theta * theta + 1));
        const double c = 1 / std::sqrt(t * t + 1);
        const double s = t * c;
        for (std::size_t k = 0; k < kParts; ++k) {
          const double left = matrix[k][p];
          matrix[k][p] = c * left - s * matrix[k][q];
          matrix[k][q] = s * left + c * matrix[k][q];
        }
        for (std::size_t k = 0; k < kParts; ++k) {
          const double upper = matrix[p][k];
          matrix[p][k] = c * upper - s * matrix[q][k];
          matrix[q][k] = s * upper + c * matrix[q][k];
          const double left = basis[k][p];
          basis[k][p] = c * left - s * basis[k][q];
          basis[k][q] = s * left + c * basis[k][q];
        }
      }
    }
    if (off == 0) break;
  }
}

}  // namespace

TestResult StudentT(std::span<const double> first, std::span<const double> second) {
  const Spread a = SpreadOf(first);
  const Spread b = SpreadOf(second);
  const double degrees = a.n + b.n - 2;
  const double pooled = ((a.n - 1) * a.variance + (b.n - 1) * b.variance) / degrees;
  return TwoSidedT(a.mean - b.mean, std::sqrt(pooled * (1 / a.n + 1 / b.n)), degrees);
}

TestResult WelchT(std::span<const double> first, std::span<const double> second) {
  const Spread a = SpreadOf(first);
  const Spread b = SpreadOf(second);
  const double of_a = a.variance / a.n;
  const double of_b = b.variance / b.n;
  const double sum = of_a + of_b;
  const double degrees = sum * sum / (of_a * of_a / (a.n - 1) + of_b * of_b / (b.n - 1));
  return TwoSidedT(a.mean - b.mean, std::sqrt(sum), degrees);
}

EppsSingletonResult EppsSingleton(std::span<const double> first, std::span<const double> second) {
  RETRAIN_ALWAYS(first.size() >= 5 && second.size() >= 5);
  std::vector<double> both(first.begin(), first.end());
  both.insert(both.end(), second.begin(), second.end());
  SortValues(both);
  const double scale = (SortedQuantile(both, 0.75) - SortedQuantile(both, 0.25)) / 2;
  RETRAIN_ALWAYS(scale > 0);

  const Characteristic a = CharacteristicOf(first, scale);
  const Characteristic b = CharacteristicOf(second, scale);
  const auto n = static_cast<double>(first.size());
  const auto m = static_cast<double>(second.size());
  const double total = n + m;
  Matrix covariance{};
  for (std::size_t i = 0; i < kParts; ++i) {
    for (std::size_t j = 0; j < kParts; ++j) {
      covariance[i][j] = total / n * a.covariance[i][j] + total / m * b.covariance[i][j];
    }
  }
  Matrix basis;
  Diagonalise(covariance, basis);
  double largest = 0;
  for (std::size_t i = 0; i < kParts; ++i) largest = std::max(largest, covariance[i][i]);

  // The quadratic form of Moore and Penrose's inverse: directions without variance have no say.
  constexpr double kNoVariance = 1e-12;  // of the largest; what rounding leaves of a direction without any
  EppsSingletonResult result{.rank = 0};
  double form = 0;
  for (std::size_t i = 0; i < kParts; ++i) {
    if (covariance[i][i] <= kNoVariance * largest) continue;
    double along = 0;
    for (std::size_t k = 0; k < kParts; ++k) along += basis[k][i] * (a.mean[k] - b.mean[k]);
    form += along * along / covariance[i][i];
    ++result.rank;
  }
  form *= total;
  constexpr double kSmall = 25;
  if (std::max(n, m) < kSmall) {
    form /= 1 + std::pow(total, -0.45) + 10.1 * (std::pow(n, -1.7) + std::pow(m, -1.7));
  }
  result.test = {form, ChiSquareUpperTail(form, result.rank)};
  return result;
}

double SortedQuantile(std::span<const double> sorted, double share) {
  RETRAIN_ALWAYS(!sorted.empty() && share >= 0 && share <= 1);
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

}  // namespace retrain::stats
