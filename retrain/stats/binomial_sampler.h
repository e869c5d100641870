#pragma once

#include <cstdint>

#include "retrain/base/random.h"

namespace retrain::stats {

// Draws the number of successes among n trials of probability p, exactly by law and as fast for a billion trials as
// for a hundred. Small means by inversion (Kachitvichyanukul and Schmeiser 1988, BINV), others by transformed
// rejection (Hörmann 1993, BTRS). The same stream gives the same number on every machine with the same libm.
// REQUIRES: n >= 0; 0 <= p <= 1.
std::int64_t DrawBinomial(Rng& rng, std::int64_t n, double p);

}  // namespace retrain::stats
