#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "retrain/stats/tango.h"

// Laws that need no simulation, because they can be written out. They say what the simulated ones must come to.
namespace retrain::stats {

// The bootstrap of an accuracy difference: chances that a resample of the n rows has a difference below 0, and at or
// below 0. Its variance is that of TangoInterval's error. O(n).
struct AccuracyLaw {
  double below = 0;
  double at_or_below = 0;
};
AccuracyLaw BootstrapLawOfAccuracy(const Discordance& seen);

// The permutation test of Pitman (1937): both models are exchanged within each row with probability 1/2. Only rows on
// which they differ can move, so a pair of mirrored cells moves as a binomial of its count.
// `statistic` gets how many rows of each pair lie in the pair's first cell. Two-sided: the chance of a value at least
// as far from 0 as the one seen. REQUIRES: the product of (count + 1) is at most 10 million.
struct MirroredCells {
  std::int64_t first = 0;
  std::int64_t second = 0;
};
double ExactPermutationPValue(std::span<const MirroredCells> seen,
                              const std::function<double(std::span<const std::int64_t> firsts)>& statistic);

// The chance that random signs give the differences a sum at least as large as the one seen (Fisher 1935), by writing
// out all. REQUIRES: at most 24 differences.
double ExactSignFlipPValue(std::span<const double> differences);

}  // namespace retrain::stats
