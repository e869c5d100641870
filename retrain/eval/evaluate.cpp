// The value of one metric of one model.
#include <cmath>

#include "retrain/eval/comparison.h"
#include "retrain/eval/confusion.h"
#include "retrain/eval/losses.h"
#include "retrain/eval/ranking.h"
#include "retrain/eval/rows.h"

namespace retrain::eval {

Result<MetricValue> Evaluate(Metric metric, const Truth& truth, const Scores& scores, double threshold) {
  TRY_OK(CheckFits(metric, truth.labels));
  TRY_OK(CheckTruth(truth));
  TRY_OK(CheckScores(truth, scores, "the model"));
  switch (metric) {
    case Metric::kRocAuc: return AreaOf(truth, scores).area;
    case Metric::kLogLoss:
    case Metric::kBrier:
    case Metric::kMae: return MetricValue{.value = WeightedMean(truth, Losses(metric, truth, scores))};
    case Metric::kRmse: return MetricValue{.value = std::sqrt(WeightedMean(truth, Losses(metric, truth, scores)))};
    case Metric::kR2: return RSquared(truth, Losses(metric, truth, scores)).r2;
    default: break;
  }
  const auto actual = ActualClasses(truth);
  const auto predicted = PredictedClasses(truth, scores, threshold);
  Confusion confusion(truth.labels.classes.size());
  for (std::size_t row = 0; row < actual.size(); ++row)
    confusion.Add(actual[row], predicted[row], WeightOf(truth, row));
  return CountMetric(metric, confusion);
}

}  // namespace retrain::eval
