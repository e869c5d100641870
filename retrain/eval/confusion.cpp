#include "retrain/eval/confusion.h"

#include <algorithm>

namespace retrain::eval {
namespace {

using Counts = Confusion::Counts;

double Numerator(Metric metric, const Counts& of) {
  return metric == Metric::kPrecision || metric == Metric::kRecall ? of.hits : 2 * of.hits;
}

double Denominator(Metric metric, const Counts& of) {
  if (metric == Metric::kPrecision) return of.predicted;
  if (metric == Metric::kRecall) return of.actual;
  return of.predicted + of.actual;
}

// The part that a class has in the average.
double Share(Metric metric, const Confusion& seen, std::size_t one) {
  if (metric == Metric::kF1Weighted) return seen.classes[one].actual / seen.total;
  if (metric != Metric::kF1Macro && seen.classes.size() == 2) return one == 1 ? 1 : 0;
  return 1.0 / static_cast<double>(seen.classes.size());
}

double Accuracy(const Confusion& seen) {
  double hits = 0;
  for (const auto& one : seen.classes) hits += one.hits;
  return hits / seen.total;
}

}  // namespace

MetricValue CountMetric(Metric metric, const Confusion& seen, double when_undefined) {
  if (metric == Metric::kAccuracy) return {.value = Accuracy(seen)};
  MetricValue result{.undefined = true};
  for (std::size_t one = 0; one < seen.classes.size(); ++one) {
    const double share = Share(metric, seen, one);
    if (share == 0) continue;
    const double denominator = Denominator(metric, seen.classes[one]);
    result.undefined = result.undefined && denominator == 0;
    result.value += share * (denominator == 0 ? when_undefined : Numerator(metric, seen.classes[one]) / denominator);
  }
  return result;
}

CountInfluence::CountInfluence(Metric metric, const Confusion& seen) : metric_(metric), slopes_(seen.classes.size()) {
  average_ = CountMetric(metric, seen).value;
  for (std::size_t one = 0; one < slopes_.size(); ++one) {
    const double denominator = Denominator(metric, seen.classes[one]);
    slopes_[one].weight = Share(metric, seen, one);
    if (denominator == 0) continue;
    slopes_[one].ratio = Numerator(metric, seen.classes[one]) / denominator;
    slopes_[one].scale = seen.total / denominator;
  }
}

double CountInfluence::OfClass(std::int32_t one, bool actual, bool predicted) const {
  const Counts row{
      .hits = actual && predicted ? 1.0 : 0.0, .predicted = predicted ? 1.0 : 0.0, .actual = actual ? 1.0 : 0.0};
  const Slope& slope = slopes_[one];
  return slope.weight * slope.scale * (Numerator(metric_, row) - slope.ratio * Denominator(metric_, row));
}

double CountInfluence::At(std::int32_t actual, std::int32_t predicted) const {
  if (metric_ == Metric::kAccuracy) return (actual == predicted ? 1.0 : 0.0) - average_;
  double influence = OfClass(actual, true, actual == predicted);
  if (actual != predicted) influence += OfClass(predicted, false, true);
  if (metric_ == Metric::kF1Weighted) influence += slopes_[actual].ratio - average_;  // the shares move as well
  return influence;
}

}  // namespace retrain::eval
