#pragma once

#include "retrain/eval/comparison.h"
#include "retrain/stats/interval.h"

namespace retrain::eval {

// Two models on the same rows, checked. What Compare() hands to the comparison of each kind of metric.
struct Pair {
  const Truth& truth;
  const Scores& champion;
  const Scores& candidate;
  const CompareOptions& options;

  std::int64_t rows() const { return static_cast<std::int64_t>(truth.values.size()); }
  bool weighted() const { return !truth.weights.empty(); }
};

// One a kind. REQUIRES: a metric of that kind that fits the task; at least two rows.
Comparison CompareCounts(Metric metric, const Pair& pair);  // accuracy, precision, recall, F1
Comparison CompareAreas(const Pair& pair);                  // ROC AUC
Comparison CompareMeans(Metric metric, const Pair& pair);   // log loss, Brier, MAE
Comparison CompareFits(Metric metric, const Pair& pair);    // RMSE, R²

// The parts that all have in common.
Comparison Blank(Metric metric, const Pair& pair);
void SetInterval(Comparison& comparison, const stats::Interval& interval, std::string method);

// A metric within 0 … 1 whose difference shows no variance: its bounds say nothing more than -1 … 1.
void SetNoInterval(Comparison& comparison, std::string method, std::string note);

// The difference of the mean of `gains` (a row each, larger is better). `width` is that of the interval in which a gain
// can lie, 0 when there is none. Student's t for 200 rows and more, else a bound that holds for every law.
void SetMeanGain(Comparison& comparison, const Pair& pair, const std::vector<double>& gains, double width);

}  // namespace retrain::eval
