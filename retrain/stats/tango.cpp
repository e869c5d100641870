#include "retrain/stats/tango.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

// The most likely share of losses when the difference is given: the larger root of 2n q² + linear q + constant.
double ConstrainedLossShare(const Discordance& seen, double difference) {
  const auto n = static_cast<double>(seen.n);
  const auto wins = static_cast<double>(seen.wins);
  const auto losses = static_cast<double>(seen.losses);
  const double linear = -wins - losses + (2 * n - wins + losses) * difference;
  const double constant = -losses * difference * (1 - difference);
  const double root = std::sqrt(std::max(0.0, linear * linear - 8 * n * constant));
  if (linear <= 0) return (root - linear) / (4 * n);
  return -2 * constant / (root + linear);  // the same root without a difference of near numbers
}

double LowerBound(const Discordance& seen, double z) {
  double below = -1;
  double above = seen.difference();
  for (int step = 0; step < 200 && below < above; ++step) {
    const double middle = below + (above - below) / 2;
    if (middle <= below || middle >= above) break;
    (TangoZ(seen, middle) > z ? below : above) = middle;
  }
  return below + (above - below) / 2;
}

}  // namespace

double TangoZ(const Discordance& seen, double difference) {
  const auto n = static_cast<double>(seen.n);
  const double share = ConstrainedLossShare(seen, difference);
  const double variance = n * (2 * share + difference * (1 - difference));
  const double excess = static_cast<double>(seen.wins - seen.losses) - n * difference;
  if (variance > 0) return excess / std::sqrt(variance);
  return excess == 0 ? 0 : std::copysign(std::numeric_limits<double>::infinity(), excess);
}

Interval TangoInterval(const Discordance& seen, double confidence) {
  RETRAIN_ALWAYS(seen.n > 0 && seen.wins >= 0 && seen.losses >= 0 && seen.wins + seen.losses <= seen.n);
  RETRAIN_ALWAYS(confidence > 0.5 && confidence < 1);
  const double z = NormalQuantile(confidence);
  const double difference = seen.difference();
  const double discordant = static_cast<double>(seen.wins + seen.losses) / static_cast<double>(seen.n);
  const Discordance mirrored{.wins = seen.losses, .losses = seen.wins, .n = seen.n};
  return {.value = difference,
          .error = std::sqrt(std::max(0.0, discordant - difference * difference) / static_cast<double>(seen.n)),
          .lower = LowerBound(seen, z),
          .upper = -LowerBound(mirrored, z),
          .n = seen.n};
}

}  // namespace retrain::stats
