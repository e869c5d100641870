#include <algorithm>

#include <fmt/format.h>

#include "retrain/eval/pair.h"
#include "retrain/eval/rows.h"
#include "retrain/stats/paired_mean.h"

namespace retrain::eval {
namespace {

constexpr std::int64_t kRowsForT = 200;  // from here on, means of rows are taken for normal

Comparison CompareOne(Metric metric, const Pair& pair) {
  switch (metric) {
    case Metric::kRocAuc: return CompareAreas(pair);
    case Metric::kLogLoss:
    case Metric::kBrier:
    case Metric::kMae: return CompareMeans(metric, pair);
    case Metric::kRmse:
    case Metric::kR2: return CompareFits(metric, pair);
    default: return CompareCounts(metric, pair);
  }
}

}  // namespace

Comparison Blank(Metric metric, const Pair& pair) {
  return {.metric = metric, .confidence = pair.options.confidence, .rows = pair.rows()};
}

void SetInterval(Comparison& comparison, const stats::Interval& interval, std::string method) {
  comparison.difference = interval.value;
  comparison.lower = interval.lower;
  comparison.upper = interval.upper;
  comparison.method = std::move(method);
}

void SetNoInterval(Comparison& comparison, std::string method, std::string note) {
  comparison.difference = comparison.candidate - comparison.champion;
  comparison.lower = -1;
  comparison.upper = 1;
  comparison.method = std::move(method);
  comparison.note = std::move(note);
}

void SetMeanGain(Comparison& comparison, const Pair& pair, const std::vector<double>& gains, double width) {
  const double confidence = pair.options.confidence;
  const auto& weights = pair.truth.weights;
  const auto normal =
      pair.weighted() ? stats::WeightedT(gains, weights, confidence) : stats::PairedT(gains, confidence);
  if (normal.error > 0 && (width == 0 || normal.n >= kRowsForT)) {
    SetInterval(comparison, normal, pair.weighted() ? "weighted t" : "paired t");
    if (normal.n < kRowsForT)
      comparison.note = fmt::format("fewer than {} rows: the bounds are approximate", kRowsForT);
  } else if (width > 0) {
    SetInterval(comparison,
                pair.weighted() ? stats::WeightedHoeffding(gains, weights, width, confidence)
                                : stats::MaurerPontil(gains, width, confidence),
                pair.weighted() ? "hoeffding" : "maurer-pontil");
    comparison.note = normal.error > 0
                          ? fmt::format("fewer than {} rows: bounds that hold for every distribution", kRowsForT)
                          : "no row differs from another: bounds that hold for every distribution";
  } else {
    SetInterval(comparison, normal, "paired t");
    comparison.undefined = true;
    comparison.note = "both models differ by the same on every row, so there is no interval";
  }
}

Result<std::vector<Comparison>> Compare(std::span<const Metric> metrics, const Truth& truth, const Scores& champion,
                                        const Scores& candidate, const CompareOptions& options) {
  for (const Metric metric : metrics) TRY_OK(CheckFits(metric, truth.labels));
  TRY_OK(CheckTruth(truth));
  TRY_OK(CheckScores(truth, champion, "the champion"));
  TRY_OK(CheckScores(truth, candidate, "the candidate"));
  const Pair pair{.truth = truth, .champion = champion, .candidate = candidate, .options = options};
  std::vector<Comparison> comparisons;
  for (const Metric metric : metrics) {
    if (pair.rows() > 1) {
      comparisons.push_back(CompareOne(metric, pair));
      continue;
    }
    comparisons.push_back(Blank(metric, pair));
    comparisons.back().undefined = true;
    comparisons.back().note = "a single row gives no interval";
  }
  return comparisons;
}

}  // namespace retrain::eval
