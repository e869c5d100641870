#pragma once

#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/eval/slices.h"
#include "retrain/model/model.h"
#include "retrain/train/trainer.h"

namespace retrain::pipeline {

// Two models on the same rows.
struct Judged {
  eval::Truth truth;
  std::vector<double> champion;  // rows × outputs, as model::Predictions
  std::vector<double> candidate;
  std::int64_t outputs = 0;
  std::int64_t rows = 0;
  std::vector<eval::RowGroup> groups = {};
};

// Reads the rows once and lets both models predict each frame. Scores are laid out by the candidate's classes; a class
// that the champion does not know gets probability 0 from it. Errors of data::CodeLabels and Model::Predict.
// The rows are cut into `groups` by the rules. Errors of SliceColumns too.
Result<Judged> PredictBoth(StateFs& files, const std::vector<data::FileRange>& rows, const model::Model& champion,
                           const model::Model& candidate, const std::vector<eval::SliceRule>& rules);

}  // namespace retrain::pipeline
