#include "retrain/stats/two_samples.h"

#include <cmath>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {

Interval WilsonInterval(std::int64_t hits, std::int64_t n, double confidence) {
  RETRAIN_ALWAYS(n > 0 && hits >= 0 && hits <= n);
  const double z = NormalQuantile(confidence);
  const auto trials = static_cast<double>(n);
  const double share = static_cast<double>(hits) / trials;
  const double scale = 1 + z * z / trials;
  const double middle = (share + z * z / (2 * trials)) / scale;
  const double reach = z / scale * std::sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials));
  return {.value = share,
          .error = std::sqrt(share * (1 - share) / trials),
          .lower = hits == 0 ? 0 : middle - reach,
          .upper = hits == n ? 1 : middle + reach,
          .n = n};
}

Interval IndependentDifference(const Interval& first, const Interval& second) {
  const double value = first.value - second.value;
  return {.value = value,
          .error = std::hypot(first.error, second.error),
          .lower = value - std::hypot(first.value - first.lower, second.upper - second.value),
          .upper = value + std::hypot(first.upper - first.value, second.value - second.lower),
          .n = first.n + second.n};
}

}  // namespace retrain::stats
