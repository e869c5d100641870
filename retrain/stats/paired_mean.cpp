#include "retrain/stats/paired_mean.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

Interval Around(double value, double error, double reach, double n) {
  return {.value = value,
          .error = error,
          .lower = value - reach,
          .upper = value + reach,
          .n = static_cast<std::int64_t>(n)};
}

struct WeightedMoments {
  double mean = 0;
  double error = 0;      // of the mean
  double effective = 0;  // rows
};

WeightedMoments WeightedMomentsOf(std::span<const double> values, std::span<const double> weights) {
  RETRAIN_ALWAYS(values.size() == weights.size());
  double total = 0;
  double squares = 0;
  double sum = 0;
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (weights[i] == 0) continue;
    total += weights[i];
    squares += weights[i] * weights[i];
    sum += weights[i] * values[i];
    lowest = std::min(lowest, values[i]);
    highest = std::max(highest, values[i]);
  }
  RETRAIN_ALWAYS(total > 0);
  WeightedMoments moments{.mean = sum / total, .effective = total * total / squares};
  if (lowest == highest) {  // exactly no spread, whatever the rounding of the sum
    moments.mean = lowest;
    return moments;
  }
  double spread = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double off = weights[i] * (values[i] - moments.mean);
    spread += off * off;
  }
  moments.error = std::sqrt(spread) / total;
  return moments;
}

}  // namespace

Moments MomentsOf(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  Moments moments{.n = static_cast<std::int64_t>(values.size())};
  if (values.empty()) return moments;
  const bool constant = std::all_of(values.begin(), values.end(), [&](double value) { return value == values[0]; });
  moments.mean = constant ? values[0] : std::accumulate(values.begin(), values.end(), 0.0) / n;
  if (constant) return moments;  // exactly no spread, whatever the rounding of the sum
  double squares = 0;
  for (const double value : values) squares += (value - moments.mean) * (value - moments.mean);
  moments.deviation = std::sqrt(squares / (n - 1));
  return moments;
}

Interval PairedT(std::span<const double> differences, double confidence) {
  RETRAIN_ALWAYS(differences.size() >= 2);
  const auto seen = MomentsOf(differences);
  const auto n = static_cast<double>(seen.n);
  const double error = seen.deviation / std::sqrt(n);
  return Around(seen.mean, error, StudentQuantile(confidence, n - 1) * error, n);
}

double PairedTPValue(std::span<const double> differences) {
  RETRAIN_ALWAYS(differences.size() >= 2);
  const auto seen = MomentsOf(differences);
  if (seen.deviation == 0) return seen.mean > 0 ? 0 : 1;
  const auto n = static_cast<double>(seen.n);
  return StudentCdf(-seen.mean / (seen.deviation / std::sqrt(n)), n - 1);
}

Interval MaurerPontil(std::span<const double> differences, double width, double confidence) {
  RETRAIN_ALWAYS(differences.size() >= 2 && confidence > 0.5 && confidence < 1);
  const auto seen = MomentsOf(differences);
  const auto n = static_cast<double>(seen.n);
  const double log_term = std::log(2 / (1 - confidence));
  const double reach = seen.deviation * std::sqrt(2 * log_term / n) + 7 * width * log_term / (3 * (n - 1));
  return Around(seen.mean, seen.deviation / std::sqrt(n), reach, n);
}

Interval WeightedT(std::span<const double> differences, std::span<const double> weights, double confidence) {
  const auto seen = WeightedMomentsOf(differences, weights);
  const double degrees = std::max(1.0, seen.effective - 1);
  return Around(seen.mean, seen.error, StudentQuantile(confidence, degrees) * seen.error, seen.effective);
}

Interval WeightedHoeffding(std::span<const double> differences, std::span<const double> weights, double width,
                           double confidence) {
  const auto seen = WeightedMomentsOf(differences, weights);
  const double reach = width * std::sqrt(-std::log(1 - confidence) / (2 * seen.effective));
  return Around(seen.mean, seen.error, reach, seen.effective);
}

}  // namespace retrain::stats
