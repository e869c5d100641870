#include "retrain/stats/influence.h"

#include <cmath>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {

Interval InfluenceInterval(double value, std::span<const double> influences, double confidence) {
  RETRAIN_ALWAYS(influences.size() >= 2);
  const auto n = static_cast<double>(influences.size());
  double squares = 0;
  for (const double u : influences) squares += u * u;
  const double error = std::sqrt(squares) / n;
  const double reach = StudentQuantile(confidence, n - 1) * error;
  return {.value = value,
          .error = error,
          .lower = value - reach,
          .upper = value + reach,
          .n = static_cast<std::int64_t>(influences.size())};
}

}  // namespace retrain::stats
