#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "retrain/stats/interval.h"

namespace retrain::stats {

// For each row, the weighted share of the *other* class that its score outranks, ties counting half: of the negatives
// below it for a positive row, of the positives above it for a negative one. Their mean over the positives, and over
// the negatives, is the area under the ROC curve. One sort: O(n log n), after Sun and Xu (2014).
// REQUIRES: equal lengths; both classes have weight; `weights` empty (all 1) or one a row.
std::vector<double> Placements(std::span<const std::uint8_t> positive, std::span<const double> scores,
                               std::span<const double> weights = {});

// The (weighted) mean placement of the positive rows.
double AreaUnderRoc(std::span<const std::uint8_t> positive, std::span<const double> placements,
                    std::span<const double> weights = {});

// Areas of two scores on the same rows, with the exact unbiased variances of DeLong, DeLong and Clarke-Pearson (1988).
struct AucPair {
  double first = 0;
  double second = 0;
  double variance_first = 0;
  double variance_second = 0;
  double covariance = 0;
  Interval difference;   // second - first; normal bounds
  bool bounded = false;  // no variance was seen: the bounds are Hoeffding's for a U-statistic
};

// REQUIRES: equal lengths; at least two rows of each class; 0.5 < confidence < 1.
AucPair DeLong(std::span<const std::uint8_t> positive, std::span<const double> first, std::span<const double> second,
               double confidence);

}  // namespace retrain::stats
