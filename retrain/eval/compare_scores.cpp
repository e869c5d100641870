// Metrics of the scores themselves: order, mean loss, fit.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/eval/losses.h"
#include "retrain/eval/pair.h"
#include "retrain/eval/ranking.h"
#include "retrain/eval/rows.h"
#include "retrain/stats/delong.h"
#include "retrain/stats/influence.h"

namespace retrain::eval {
namespace {

void SetDeLong(const Pair& pair, Comparison& comparison) {
  const auto positive = IsClass(pair.truth, 1);
  const auto positives = std::count(positive.begin(), positive.end(), 1);
  if (std::min<std::int64_t>(positives, pair.rows() - positives) < 2) {
    return SetNoInterval(comparison, "delong", "a single row of a class gives no interval");
  }
  const auto areas =
      stats::DeLong(positive, ScoresOf(pair.champion, 1), ScoresOf(pair.candidate, 1), pair.options.confidence);
  SetInterval(comparison, areas.difference, "delong");
  comparison.lower = std::max(comparison.lower, -1.0);
  comparison.upper = std::min(comparison.upper, 1.0);
  if (areas.bounded) comparison.note = "both models order the rows alike: the bounds are Hoeffding's";
}

// The influence of a row on a root mean squared error.
double RootInfluence(double squared_error, double root) {
  return root > 0 ? (squared_error - root * root) / (2 * root) : 0;
}

}  // namespace

Comparison CompareAreas(const Pair& pair) {
  Comparison comparison = Blank(Metric::kRocAuc, pair);
  const auto champion = AreaOf(pair.truth, pair.champion);
  const auto candidate = AreaOf(pair.truth, pair.candidate);
  comparison.champion = champion.area.value;
  comparison.candidate = candidate.area.value;
  if (candidate.area.undefined) {
    comparison.undefined = true;
    comparison.note = "all rows are of one class: there is no roc_auc";
    return comparison;
  }
  if (pair.truth.labels.task == data::Task::kBinary && !pair.weighted()) {
    SetDeLong(pair, comparison);
    return comparison;
  }
  std::vector<double> influences(champion.influences.size());
  for (std::size_t row = 0; row < influences.size(); ++row)
    influences[row] = candidate.influences[row] - champion.influences[row];
  auto interval =
      stats::InfluenceInterval(comparison.candidate - comparison.champion, influences, pair.options.confidence);
  if (interval.error == 0) {
    SetNoInterval(comparison, "delta method", "both models order the rows alike, so there are no bounds");
    return comparison;
  }
  interval.lower = std::max(interval.lower, -1.0);
  interval.upper = std::min(interval.upper, 1.0);
  SetInterval(comparison, interval, "delta method");
  std::vector<std::string> absent;
  for (const std::int32_t one : candidate.absent) absent.push_back(pair.truth.labels.classes[one]);
  if (!absent.empty()) comparison.note = fmt::format("left out, since no row is of the class: {}", ListNames(absent));
  return comparison;
}

Comparison CompareMeans(Metric metric, const Pair& pair) {
  Comparison comparison = Blank(metric, pair);
  const auto champion = Losses(metric, pair.truth, pair.champion);
  const auto candidate = Losses(metric, pair.truth, pair.candidate);
  comparison.champion = WeightedMean(pair.truth, champion);
  comparison.candidate = WeightedMean(pair.truth, candidate);
  std::vector<double> gains(champion.size());
  for (std::size_t row = 0; row < gains.size(); ++row) gains[row] = champion[row] - candidate[row];
  SetMeanGain(comparison, pair, gains, 2 * LargestLoss(metric, pair.truth.labels.task).value_or(0));
  return comparison;
}

Comparison CompareFits(Metric metric, const Pair& pair) {
  Comparison comparison = Blank(metric, pair);
  const auto champion = Losses(metric, pair.truth, pair.champion);
  const auto candidate = Losses(metric, pair.truth, pair.candidate);
  const double champion_mse = WeightedMean(pair.truth, champion);
  const double candidate_mse = WeightedMean(pair.truth, candidate);
  const auto fit = RSquared(pair.truth, champion);
  if (metric == Metric::kR2) {
    comparison.champion = fit.r2.value;
    comparison.candidate = RSquared(pair.truth, candidate).r2.value;
    comparison.difference = comparison.candidate - comparison.champion;
    comparison.undefined = fit.r2.undefined;
    if (fit.r2.undefined) comparison.note = "the target is the same on every row: there is no r2";
  } else {
    comparison.champion = std::sqrt(champion_mse);
    comparison.candidate = std::sqrt(candidate_mse);
    comparison.difference = comparison.champion - comparison.candidate;
  }
  if (comparison.undefined) return comparison;

  double total = 0;
  for (std::size_t row = 0; row < champion.size(); ++row) total += WeightOf(pair.truth, row);
  std::vector<double> influences(champion.size());
  for (std::size_t row = 0; row < influences.size(); ++row) {
    const double off = pair.truth.values[row] - fit.mean_target;
    const double influence =
        metric == Metric::kR2
            ? (champion[row] - candidate[row] - comparison.difference * off * off) / fit.target_variance
            : RootInfluence(champion[row], comparison.champion) - RootInfluence(candidate[row], comparison.candidate);
    influences[row] = influence * WeightOf(pair.truth, row) * static_cast<double>(pair.rows()) / total;
  }
  const auto interval = stats::InfluenceInterval(comparison.difference, influences, pair.options.confidence);
  SetInterval(comparison, interval, "delta method");
  comparison.undefined = interval.error == 0;
  if (comparison.undefined) comparison.note = "both models err alike on every row, so there is no interval";
  return comparison;
}

}  // namespace retrain::eval
