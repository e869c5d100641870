#pragma once

#include "retrain/data/number_columns.h"
#include "retrain/drift/detector.h"
#include "retrain/model/model.h"

namespace retrain::pipeline {

inline constexpr std::string_view kPrediction = "prediction";

// A model's scores as columns: `prediction` is the value, or the probability of the second of two classes; of more
// there is `prediction:CLASS` for each. A name that a feature has already gets a `_` more.
std::vector<data::NumberColumn> PredictionColumns(const model::Contract& contract);  // without rows
void Append(const model::Predictions& scores, std::vector<data::NumberColumn>& columns);

// A table against the reference of a model's version: by its columns, and by what the model makes of them. Rows that
// the model cannot score are compared without; the report says why.
Result<drift::DriftReport> CheckWithModel(const drift::DriftDetector& detector, const model::Model& model,
                                          const data::ColumnTable& current, Parallel& parallel,
                                          const drift::Progress& progress = {});

}  // namespace retrain::pipeline
