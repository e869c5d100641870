#include "retrain/eval/estimate.h"

#include <algorithm>
#include <cmath>

#include "retrain/eval/confusion.h"
#include "retrain/eval/losses.h"
#include "retrain/eval/ranking.h"
#include "retrain/eval/rows.h"
#include "retrain/stats/influence.h"
#include "retrain/stats/two_samples.h"

namespace retrain::eval {
namespace {

double TotalWeight(const Truth& truth) {
  double total = 0;
  for (std::size_t row = 0; row < truth.values.size(); ++row) total += WeightOf(truth, row);
  return total;
}

// By how much each row moves the metric, times the number of rows; `slope` is of an unweighted row.
template <class Slope>
std::vector<double> Influences(const Truth& truth, Slope slope) {
  std::vector<double> influences(truth.values.size());
  const double scale = static_cast<double>(influences.size()) / TotalWeight(truth);
  for (std::size_t row = 0; row < influences.size(); ++row) influences[row] = WeightOf(truth, row) * scale * slope(row);
  return influences;
}

std::vector<double> OfLosses(Metric metric, const Truth& truth, const Scores& scores) {
  const auto losses = Losses(metric, truth, scores);
  const double mean = WeightedMean(truth, losses);
  if (metric == Metric::kRmse) {
    const double root = std::sqrt(mean);
    return Influences(truth, [&](std::size_t row) { return root > 0 ? (losses[row] - mean) / (2 * root) : 0.0; });
  }
  if (metric != Metric::kR2) return Influences(truth, [&](std::size_t row) { return losses[row] - mean; });
  const auto fit = RSquared(truth, losses);
  const double variance = fit.target_variance;
  if (variance <= 0) return std::vector<double>(losses.size());
  return Influences(truth, [&](std::size_t row) {
    const double off = truth.values[row] - fit.mean_target;
    return -(losses[row] - mean) / variance + mean / (variance * variance) * (off * off - variance);
  });
}

struct Counted {
  Confusion seen;
  Classes actual;
  Classes predicted;
};

Counted CountRows(const Truth& truth, const Scores& scores, double threshold) {
  Counted counted{.seen = Confusion(truth.labels.classes.size()),
                  .actual = ActualClasses(truth),
                  .predicted = PredictedClasses(truth, scores, threshold)};
  for (std::size_t row = 0; row < counted.actual.size(); ++row)
    counted.seen.Add(counted.actual[row], counted.predicted[row], WeightOf(truth, row));
  return counted;
}

bool IsLoss(Metric metric) {
  return metric == Metric::kLogLoss || metric == Metric::kBrier || metric == Metric::kMae || metric == Metric::kRmse ||
         metric == Metric::kR2;
}

}  // namespace

Result<Estimate> EstimateMetric(Metric metric, const Truth& truth, const Scores& scores, double confidence,
                                double threshold) {
  TRY(const auto value, Evaluate(metric, truth, scores, threshold));
  const auto rows = static_cast<std::int64_t>(truth.values.size());
  Estimate estimate{.interval = {.value = value.value, .lower = value.value, .upper = value.value, .n = rows}};
  estimate.undefined = value.undefined || rows < 2;
  if (estimate.undefined) return estimate;
  std::vector<double> influences;
  if (IsLoss(metric)) {
    influences = OfLosses(metric, truth, scores);
  } else if (metric == Metric::kRocAuc) {
    influences = AreaOf(truth, scores).influences;
  } else {
    const auto counted = CountRows(truth, scores, threshold);
    if (metric == Metric::kAccuracy && truth.weights.empty()) {
      const auto hits = static_cast<std::int64_t>(std::llround(value.value * static_cast<double>(rows)));
      estimate.interval = stats::WilsonInterval(hits, rows, confidence);
      return estimate;
    }
    const CountInfluence influence(metric, counted.seen);
    influences =
        Influences(truth, [&](std::size_t row) { return influence.At(counted.actual[row], counted.predicted[row]); });
  }
  estimate.interval = stats::InfluenceInterval(value.value, influences, confidence);
  if (estimate.interval.error == 0) {  // the rule of three: a kind of row not seen is seldom, not absent
    const double share = 1 - std::pow(1 - confidence, 1 / static_cast<double>(rows));
    estimate.interval.lower -= share;
    estimate.interval.upper += share;
  }
  if (!IsLoss(metric)) {
    estimate.interval.lower = std::max(estimate.interval.lower, 0.0);
    estimate.interval.upper = std::min(estimate.interval.upper, 1.0);
  }
  return estimate;
}

}  // namespace retrain::eval
