#include "retrain/stats/effect_floor.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <boost/math/tools/toms748_solve.hpp>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

double Sum(std::span<const std::int64_t> counts) {
  return static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
}

double HarmonicRows(double n, double m) { return n * m / (n + m); }

double IndexOfTwoShares(double p, double q) { return (q - p) * (std::log(q / p) - std::log1p(-q) + std::log1p(-p)); }

// T as a value of the noncentral chi-square law that stands for it. At 0 itself the law's tails are 0 / 0.
double Shifted(const Discrepancy& seen) { return std::max(1e-6, seen.value - seen.mean + seen.variance / 2); }

double UpperTail(const Discrepancy& seen, double noncentrality) {
  return NoncentralChiSquareUpperTail(Shifted(seen), seen.variance / 2, noncentrality);
}

// The noncentrality at which the chance of a value of at most T is `probability`; 0 when it is smaller even at 0.
double NoncentralityAt(const Discrepancy& seen, double probability) {
  const double x = Shifted(seen);
  const double degrees = seen.variance / 2;
  const auto excess = [&](double noncentrality) {
    return NoncentralChiSquareCdf(x, degrees, noncentrality) - probability;
  };
  if (excess(0) <= 0) return 0;
  double high = std::max(1.0, x - degrees) + 4 * std::sqrt(2 * degrees + 4 * x + 10);
  while (excess(high) > 0) high *= 2;
  std::uintmax_t steps = 60;
  const auto [a, b] =
      boost::math::tools::toms748_solve(excess, 0.0, high, boost::math::tools::eps_tolerance<double>(32), steps);
  return (a + b) / 2;
}

}  // namespace

double StabilityIndex(std::span<const std::int64_t> reference, std::span<const std::int64_t> current) {
  RETRAIN_ALWAYS(reference.size() == current.size());
  const double added = 0.5 * static_cast<double>(reference.size());
  const double n = Sum(reference) + added;
  const double m = Sum(current) + added;
  double index = 0;
  for (std::size_t cell = 0; cell < reference.size(); ++cell) {
    const double p = (static_cast<double>(reference[cell]) + 0.5) / n;
    const double q = (static_cast<double>(current[cell]) + 0.5) / m;
    index += (q - p) * std::log(q / p);
  }
  return index;
}

Discrepancy OfStability(std::span<const std::int64_t> reference, std::span<const std::int64_t> current) {
  const double n = Sum(reference);
  const double m = Sum(current);
  RETRAIN_ALWAYS(n > 0 && m > 0);
  const double rows = HarmonicRows(n, m);
  const double degrees = static_cast<double>(reference.size()) - 1;
  return {.value = rows * StabilityIndex(reference, current), .mean = degrees, .variance = 2 * degrees, .rows = rows};
}

Discrepancy OfSparseCells(std::span<const std::int64_t> reference, std::span<const std::int64_t> current) {
  RETRAIN_ALWAYS(reference.size() == current.size());
  const double n = Sum(reference);
  const double m = Sum(current);
  const double all = n + m;
  const auto cells = static_cast<double>(reference.size());
  if (n == 0 || m == 0 || all < 4 || cells < 2) return {};
  const double share = m / all;
  double chi_square = 0;
  double reciprocals = 0;
  for (std::size_t cell = 0; cell < reference.size(); ++cell) {
    const auto here = static_cast<double>(reference[cell] + current[cell]);
    RETRAIN_ALWAYS(here > 0);
    const double excess = static_cast<double>(current[cell]) - share * here;
    chi_square += excess * excess / (here * share * (1 - share));
    reciprocals += 1 / here;
  }
  const double sigma = (all * (1 / n + 1 / m) - 4) / (all - 2);
  const double tau = (all * reciprocals - cells * cells) / (all - 2);
  const double v = (all - 2) / (all - 1);
  const double w = (all - cells) * (cells - 1) / (all - 1);
  const double variance = 2 * all / (all - 3) * (v - sigma) * (w - tau) + all * all / (all - 1) * sigma * tau;
  return {.value = chi_square,
          .mean = all * (cells - 1) / (all - 1),
          .variance = variance < 1e-9 * cells ? 0 : variance,
          .rows = HarmonicRows(n, m)};
}

double FloorPValue(const Discrepancy& seen, double floor) {
  RETRAIN_ALWAYS(seen.variance > 0 && floor >= 0);
  return std::clamp(UpperTail(seen, floor * seen.rows), 0.0, 1.0);
}

EffectBounds BoundsOf(const Discrepancy& seen, double confidence) {
  RETRAIN_ALWAYS(seen.variance > 0 && confidence > 0.5 && confidence < 1);
  const double as_small = NoncentralChiSquareCdf(Shifted(seen), seen.variance / 2, 0);
  return {.value = std::max(0.0, (seen.value - seen.mean) / seen.rows),
          .lower = NoncentralityAt(seen, confidence) / seen.rows,
          .upper = NoncentralityAt(seen, (1 - confidence) * as_small) / seen.rows};
}

EffectBounds BoundsOfOneCell(std::int64_t reference_rows, std::int64_t current_rows, double confidence) {
  RETRAIN_ALWAYS(reference_rows > 0 && current_rows > 0);
  const auto largest_of = [&](std::int64_t rows, std::int64_t others) {
    const double share = -std::expm1(std::log(1 - confidence) / static_cast<double>(rows));
    const double elsewhere = 0.5 / (static_cast<double>(others) + 1);
    return share > elsewhere ? IndexOfTwoShares(elsewhere, share) : 0;
  };
  return {.upper = std::max(largest_of(current_rows, reference_rows), largest_of(reference_rows, current_rows))};
}

std::optional<double> RowsToTell(const Discrepancy& seen, double floor, double confidence, double power) {
  const double effect = seen.rows > 0 ? std::max(0.0, (seen.value - seen.mean) / seen.rows) : 0;
  const double apart = std::abs(effect - floor);
  if (apart == 0) return std::nullopt;
  const double z_confidence = NormalQuantile(confidence);
  const double z_power = NormalQuantile(power);
  // rows · apart grows faster than the deviations do, so there is one crossing.
  const auto is_told = [&](double rows) {
    const double at_floor = std::sqrt(seen.variance + 4 * rows * floor);
    const double at_effect = std::sqrt(seen.variance + 4 * rows * effect);
    return rows * apart >= z_confidence * at_floor + z_power * at_effect;
  };
  double high = 1;
  while (!is_told(high)) high *= 2;
  double low = high / 2;
  for (int step = 0; step < 40; ++step) (is_told((low + high) / 2) ? high : low) = (low + high) / 2;
  return high;
}

double ExactSharesPValue(std::int64_t events_reference, std::int64_t rows_reference, std::int64_t events_current,
                         std::int64_t rows_current) {
  const std::int64_t events = events_reference + events_current;
  const std::int64_t rows = rows_reference + rows_current;
  const auto log_choose = [](std::int64_t n, std::int64_t k) {
    return std::lgamma(static_cast<double>(n) + 1) - std::lgamma(static_cast<double>(k) + 1) -
           std::lgamma(static_cast<double>(n - k) + 1);
  };
  const double log_all = log_choose(rows, rows_current);
  const auto chance = [&](std::int64_t in_current) {
    return std::exp(log_choose(events, in_current) + log_choose(rows - events, rows_current - in_current) - log_all);
  };
  const std::int64_t least = std::max<std::int64_t>(0, rows_current - (rows - events));
  const std::int64_t most = std::min(events, rows_current);
  double below = 0;
  double above = 0;
  for (std::int64_t k = least; k <= most; ++k) {
    const double p = chance(k);
    if (k <= events_current) below += p;
    if (k >= events_current) above += p;
  }
  return std::min(1.0, 2 * std::min(below, above));
}

}  // namespace retrain::stats
