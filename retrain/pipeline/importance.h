#pragma once

#include <cstdint>
#include <vector>

#include "retrain/model/model.h"
#include "retrain/train/slice.h"

namespace retrain::pipeline {

// How much a model leans on each of its features: by how much its loss (log loss, or squared error) grows when the
// feature's values are dealt out anew among the rows (permutation importance: Breiman 2001; Fisher, Rudin and Dominici
// 2019), as a share of the sum over all features; a loss that falls counts as none. Empty when no loss grows. The same
// seed gives the same shares. Predicts rows × features rows. Errors of Model::Predict and eval::Evaluate.
// REQUIRES: rows with the features of the model's contract.
Result<std::vector<double>> ImportanceOf(const model::Model& model, const train::LabelledRows& rows,
                                         std::uint64_t seed);

// As many rows as ImportanceOf() is worth: no more than about 20 million values to read.
std::int64_t RowsForImportance(std::int64_t features);

}  // namespace retrain::pipeline
