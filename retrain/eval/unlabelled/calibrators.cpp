#include "retrain/eval/unlabelled/calibrators.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "retrain/stats/delong.h"

namespace retrain::eval {
namespace {

// Marks a tenth of the rows of each class, at random, and at least one of each.
std::vector<std::uint8_t> DrawTest(std::span<const double> truth, Rng& rng) {
  std::vector<std::uint8_t> test(truth.size(), 0);
  for (const double side : {0.0, 1.0}) {
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < truth.size(); ++i) {
      if (truth[i] == side) rows.push_back(i);
    }
    const std::size_t count = std::max<std::size_t>(1, (rows.size() + 5) / 10);
    for (std::size_t i = 0; i < count && i < rows.size(); ++i) {
      std::swap(rows[i], rows[i + rng.Below(rows.size() - i)]);
      test[rows[i]] = 1;
    }
  }
  return test;
}

}  // namespace

CalibrationData::CalibrationData(std::span<const double> scores, std::span<const std::uint8_t> truth)
    : sorted_(scores.begin(), scores.end()), order_(scores.size()) {
  RETRAIN_ALWAYS(!scores.empty() && scores.size() == truth.size());
  std::iota(order_.begin(), order_.end(), 0U);
  std::stable_sort(order_.begin(), order_.end(), [&](auto a, auto b) { return scores[a] < scores[b]; });
  for (std::size_t i = 0; i < order_.size(); ++i) {
    sorted_[i] = scores[order_[i]];
    truth_.push_back(truth[order_[i]]);
  }
}

IsotonicCurve CalibrationData::Fit() const { return {sorted_, truth_, std::vector<double>(sorted_.size(), 1)}; }

IsotonicCurve CalibrationData::FitWeighted(std::span<const double> weights) const {
  std::vector<double> in_order;
  in_order.reserve(order_.size());
  for (const auto row : order_) in_order.push_back(weights[row]);
  return {sorted_, truth_, in_order};
}

bool CalibrationData::IsWorthwhile(std::uint64_t seed) const {
  constexpr int kSplits = 10;
  constexpr std::size_t kBins = 10;
  constexpr double kPerfect = 0.999;
  const std::vector<std::uint8_t> positive(truth_.begin(), truth_.end());
  const auto positives = std::count(positive.begin(), positive.end(), 1);
  if (positives == 0 || positives == std::ssize(positive)) return false;
  if (stats::AreaUnderRoc(positive, stats::Placements(positive, sorted_)) > kPerfect) return false;
  Rng rng(DeriveSeed(seed, "calibration splits"));
  std::vector<double> truth;
  std::vector<double> raw;
  std::vector<double> calibrated;
  for (int split = 0; split < kSplits; ++split) {
    const auto test = DrawTest(truth_, rng);
    std::vector<double> weights(test.size());
    for (std::size_t i = 0; i < test.size(); ++i) weights[i] = test[i] != 0 ? 0 : 1;
    if (std::accumulate(weights.begin(), weights.end(), 0.0) == 0) return false;
    const IsotonicCurve curve(sorted_, truth_, weights);
    for (std::size_t i = 0; i < test.size(); ++i) {
      if (test[i] == 0) continue;
      truth.push_back(truth_[i]);
      raw.push_back(sorted_[i]);
      calibrated.push_back(curve.At(sorted_[i]));
    }
  }
  return EqualCountCalibrationError(raw, truth, kBins) > EqualCountCalibrationError(calibrated, truth, kBins);
}

std::int64_t CalibrationData::Near(double score, double reach) const {
  return std::upper_bound(sorted_.begin(), sorted_.end(), score + reach) -
         std::lower_bound(sorted_.begin(), sorted_.end(), score - reach);
}

double EqualCountCalibrationError(std::span<const double> scores, std::span<const double> truth, std::size_t bins) {
  const std::size_t n = scores.size();
  if (n <= 2 * bins) bins = std::max<std::size_t>(1, n / 2);
  auto order = Descending(scores);
  std::reverse(order.begin(), order.end());
  double error = 0;
  for (std::size_t bin = 0; bin < bins; ++bin) {
    const std::size_t end = bin + 1 == bins ? n : (bin + 1) * (n / bins);
    double gap = 0;
    for (std::size_t i = bin * (n / bins); i < end; ++i) gap += scores[order[i]] - truth[order[i]];
    error += std::fabs(gap) / static_cast<double>(n);
  }
  return error;
}

}  // namespace retrain::eval
