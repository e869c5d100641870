#include "retrain/eval/agreement.h"

#include <cmath>

namespace retrain::eval {
namespace {

// Sums over the classes, as shares of all rows.
struct Sums {
  double hits = 0;
  double by_chance = 0;  // predicted × actual
  double predicted_squares = 0;
  double actual_squares = 0;
};

Sums SumsOf(const Confusion& seen) {
  Sums sums;
  for (const auto& one : seen.classes) {
    const double predicted = one.predicted / seen.total;
    const double actual = one.actual / seen.total;
    sums.hits += one.hits / seen.total;
    sums.by_chance += predicted * actual;
    sums.predicted_squares += predicted * predicted;
    sums.actual_squares += actual * actual;
  }
  return sums;
}

double Ratio(double numerator, double denominator) { return denominator > 0 ? numerator / denominator : 0; }

}  // namespace

double CohenKappa(const Confusion& seen) {
  const Sums sums = SumsOf(seen);
  return Ratio(sums.hits - sums.by_chance, 1 - sums.by_chance);
}

double MatthewsCorrelation(const Confusion& seen) {
  const Sums sums = SumsOf(seen);
  return Ratio(sums.hits - sums.by_chance, std::sqrt((1 - sums.predicted_squares) * (1 - sums.actual_squares)));
}

double BalancedAccuracy(const Confusion& seen) {
  double recalls = 0;
  double occurring = 0;
  for (const auto& one : seen.classes) {
    if (one.actual == 0) continue;
    recalls += one.hits / one.actual;
    occurring += 1;
  }
  return Ratio(recalls, occurring);
}

Pooled PooledOver(const Confusion& seen, std::span<const std::int32_t> classes) {
  Confusion::Counts sum;
  for (const std::int32_t one : classes) {
    sum.hits += seen.classes[one].hits;
    sum.predicted += seen.classes[one].predicted;
    sum.actual += seen.classes[one].actual;
  }
  return {.precision = Ratio(sum.hits, sum.predicted),
          .recall = Ratio(sum.hits, sum.actual),
          .f1 = Ratio(2 * sum.hits, sum.predicted + sum.actual)};
}

}  // namespace retrain::eval
