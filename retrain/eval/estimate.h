#pragma once

#include "retrain/eval/comparison.h"
#include "retrain/stats/interval.h"

namespace retrain::eval {

// One metric of one model with its doubt: what Evaluate() gives, and one-sided bounds. Accuracy of rows that weigh
// alike by Wilson's score interval; all else by the influences of the rows (delta method, Student's t), widened where
// no row differs from another. `undefined` when the metric has no value on these rows, or fewer than two are there.
// Errors of Evaluate().
struct Estimate {
  stats::Interval interval;
  bool undefined = false;
};
Result<Estimate> EstimateMetric(Metric metric, const Truth& truth, const Scores& scores, double confidence,
                                double threshold = 0.5);

}  // namespace retrain::eval
