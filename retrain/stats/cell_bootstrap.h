#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "retrain/base/random.h"
#include "retrain/stats/interval.h"

namespace retrain::stats {

// Rows that look alike form a cell; a resample of all rows with replacement is then a multinomial draw of the cells'
// counts. Its cost depends on the number of cells alone, not on the number of rows.
class MultinomialSampler {
 public:
  explicit MultinomialSampler(std::span<const std::int64_t> counts);

  // New counts with the same sum, in the order of the given ones. REQUIRES: `into` has as many.
  void Draw(Rng& rng, std::span<std::int64_t> into) const;

 private:
  std::vector<std::size_t> order_;  // fullest cell first: the rest runs out early
  std::vector<double> share_;       // of the cell among itself and all later ones
  std::int64_t total_ = 0;
};

using CellStatistic = std::function<double(std::span<const std::int64_t> counts)>;

struct BootstrapOptions {
  int resamples = 9999;
  double confidence = 0.95;  // one-sided, of each bound
  std::uint64_t seed = 7;
};

struct CellBootstrap {
  Interval interval;        // `error` is the standard deviation over the resamples
  double bias = 0;          // z0
  double acceleration = 0;  // a
  bool degenerate = false;  // no resample differs from another, or all lie on one side: there are no bounds
};

// Bias-corrected and accelerated bounds (Efron 1987) of a function of the cells. z0 counts ties half, since statistics
// of counts tie; the acceleration is the jackknife's, over cells with their multiplicity. The same counts, options and
// statistic give the same bits. REQUIRES: at least one row; resamples >= 100; 0.5 < confidence < 1.
CellBootstrap BootstrapCells(std::span<const std::int64_t> counts, const CellStatistic& statistic,
                             const BootstrapOptions& options);

// The two ingredients, for other resamplings.
double BcaLevel(double bias, double acceleration, double nominal);  // where the percentile of `nominal` is to be read
double Acceleration(std::span<const double> leave_one_out, std::span<const std::int64_t> multiplicity);

}  // namespace retrain::stats
