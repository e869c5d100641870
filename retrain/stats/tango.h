#pragma once

#include <cstdint>

#include "retrain/stats/interval.h"

namespace retrain::stats {

// Two yes-or-no judgements of the same rows: how often only the second is right (`wins`), only the first (`losses`).
// REQUIRES: counts are not negative, wins + losses <= n, n > 0.
struct Discordance {
  std::int64_t wins = 0;
  std::int64_t losses = 0;
  std::int64_t n = 0;

  double difference() const { return static_cast<double>(wins - losses) / static_cast<double>(n); }
  bool operator==(const Discordance&) const = default;
};

// The score statistic of "the difference of the two shares is `difference`" (Tango 1998, Statistics in Medicine 17):
// standard normal when that is true, decreasing in `difference`. Its square at 0 is McNemar's statistic.
double TangoZ(const Discordance& seen, double difference);

// The differences that this test does not refuse. Needs no large sample, and no discordant row: it is
// -z²/(n+z²) … z²/(n+z²) when there is none. `error` is sqrt((discordant share - difference²)/n).
// REQUIRES: 0.5 < confidence < 1.
Interval TangoInterval(const Discordance& seen, double confidence);

}  // namespace retrain::stats
