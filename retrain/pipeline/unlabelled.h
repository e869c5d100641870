#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/data/table_source.h"
#include "retrain/eval/comparison.h"
#include "retrain/model/model.h"
#include "retrain/stats/interval.h"

namespace retrain::pipeline {

// A metric on rows without labels. `interval.error` holds both errors: what chance makes of so many rows, and how far
// off the estimate itself may be (the calibration of the scores, or the model of the losses).
struct UnlabelledEstimate {
  stats::Interval interval;  // of as many rows; bounds by the normal distribution
  double sampling_error = 0;
  double model_error = 0;
  double unlike_share = 0;  // of the rows, in the column or score named by `unlike`
  std::string unlike;       // "`distance`"; empty: what the reference holds speaks for these rows

  bool operator==(const UnlabelledEstimate&) const = default;
};

Json ToJson(const UnlabelledEstimate& estimate);

// The names of the metrics that can be estimated: of this task, or of any.
std::vector<std::string> EstimableMetrics(std::optional<data::Task> task);

// Estimates a metric where labels are not known from rows where they are: confidence-based for classes, from directly
// estimated losses for a regression (eval/unlabelled). Sees that the model is asked harder questions; that the right
// answers have changed nothing can see without labels. `reference` has features and labels of rows that the model was
// not trained on, `rows` at least the features. More than 5 % of the rows unlike the reference in one column (beyond
// its range, a level or a null that it does not have) or in their scores: `unlike` says so, and the value means
// nothing. E0102 for another metric, E0214 for too few rows; and the errors of the tables. `files` is not written to.
Result<UnlabelledEstimate> EstimateWithoutLabels(StateFs& files, eval::Metric metric, const model::Model& model,
                                                 const data::Table& reference, data::TableSource& rows,
                                                 double confidence);

}  // namespace retrain::pipeline
