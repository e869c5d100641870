#include "retrain/stats/cell_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "retrain/base/result.h"
#include "retrain/stats/binomial_sampler.h"
#include "retrain/stats/distributions.h"
#include "retrain/stats/paired_mean.h"

namespace retrain::stats {
namespace {

// The statistic without one row of each cell; empty cells are left out.
struct Jackknife {
  std::vector<double> leave_one_out;
  std::vector<std::int64_t> multiplicity;
};

Jackknife JackknifeOf(std::span<const std::int64_t> counts, const CellStatistic& statistic) {
  Jackknife jackknife;
  std::vector<std::int64_t> without(counts.begin(), counts.end());
  for (std::size_t cell = 0; cell < counts.size(); ++cell) {
    if (counts[cell] == 0) continue;
    --without[cell];
    jackknife.leave_one_out.push_back(statistic(without));
    jackknife.multiplicity.push_back(counts[cell]);
    ++without[cell];
  }
  return jackknife;
}

// The value below which a share `level` of the values lies, between neighbours by straight lines. Reorders.
double Quantile(std::vector<double>& values, double level) {
  const double at = level * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::ptrdiff_t>(at);
  std::nth_element(values.begin(), values.begin() + below, values.end());
  const double low = values[below];
  if (below + 1 == static_cast<std::ptrdiff_t>(values.size())) return low;
  const double high = *std::min_element(values.begin() + below + 1, values.end());
  return low + (at - static_cast<double>(below)) * (high - low);
}

}  // namespace

MultinomialSampler::MultinomialSampler(std::span<const std::int64_t> counts)
    : order_(counts.size()),
      share_(counts.size()),
      total_(std::accumulate(counts.begin(), counts.end(), std::int64_t{0})) {
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return counts[a] > counts[b]; });
  std::int64_t rest = total_;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    share_[i] = rest > 0 ? static_cast<double>(counts[order_[i]]) / static_cast<double>(rest) : 0;
    rest -= counts[order_[i]];
  }
}

void MultinomialSampler::Draw(Rng& rng, std::span<std::int64_t> into) const {
  std::int64_t rest = total_;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const std::int64_t drawn = DrawBinomial(rng, rest, share_[i]);
    into[order_[i]] = drawn;
    rest -= drawn;
  }
}

CellBootstrap BootstrapCells(std::span<const std::int64_t> counts, const CellStatistic& statistic,
                             const BootstrapOptions& options) {
  RETRAIN_ALWAYS(options.resamples >= 100 && options.confidence > 0.5 && options.confidence < 1);
  const std::int64_t n = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  RETRAIN_ALWAYS(n > 0);
  const double seen = statistic(counts);

  const MultinomialSampler sampler(counts);
  Rng rng(options.seed);
  std::vector<std::int64_t> drawn(counts.size());
  std::vector<double> values(static_cast<std::size_t>(options.resamples));
  double below = 0;  // ties half
  for (double& value : values) {
    sampler.Draw(rng, drawn);
    value = statistic(drawn);
    below += value < seen ? 1 : value == seen ? 0.5 : 0;
  }

  CellBootstrap result{.interval = {.value = seen, .error = MomentsOf(values).deviation, .n = n}};
  const double share = below / static_cast<double>(options.resamples);
  result.degenerate = result.interval.error == 0 || share == 0 || share == 1;
  if (result.degenerate) return result;
  const auto jackknife = JackknifeOf(counts, statistic);
  result.bias = NormalQuantile(share);
  result.acceleration = Acceleration(jackknife.leave_one_out, jackknife.multiplicity);
  result.interval.lower = Quantile(values, BcaLevel(result.bias, result.acceleration, 1 - options.confidence));
  result.interval.upper = Quantile(values, BcaLevel(result.bias, result.acceleration, options.confidence));
  return result;
}

double BcaLevel(double bias, double acceleration, double nominal) {
  const double z = bias + NormalQuantile(nominal);
  return NormalCdf(bias + z / (1 - acceleration * z));
}

double Acceleration(std::span<const double> leave_one_out, std::span<const std::int64_t> multiplicity) {
  double n = 0;
  double sum = 0;
  for (std::size_t i = 0; i < leave_one_out.size(); ++i) {
    n += static_cast<double>(multiplicity[i]);
    sum += static_cast<double>(multiplicity[i]) * leave_one_out[i];
  }
  double squares = 0;
  double cubes = 0;
  for (std::size_t i = 0; i < leave_one_out.size(); ++i) {
    const double off = sum / n - leave_one_out[i];
    squares += static_cast<double>(multiplicity[i]) * off * off;
    cubes += static_cast<double>(multiplicity[i]) * off * off * off;
  }
  return squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
}

}  // namespace retrain::stats
