#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/data/frame.h"
#include "retrain/model/model.h"

// A regressor of a model's losses: what direct loss estimation believes where labels are not known.
namespace retrain::pipeline {

// What the regressor reads: the features of the model, and what the model said.
std::vector<data::Field> LossFeatures(const model::Contract& contract);

// The frame with what a regression model said of its rows as one more column.
data::Frame WithSaid(const data::Frame& rows, std::span<const double> said);

// Trains on `frames` (made by WithSaid) and the loss of each of their rows. Deterministic; writes no file.
Result<std::unique_ptr<model::Model>> TrainLossModel(StateFs& files, const model::Contract& contract,
                                                     const std::vector<data::Frame>& frames,
                                                     std::span<const double> losses);

// What is predicted for the loss of each row by one that was trained on the other four fifths of the rows.
Result<std::vector<double>> HeldOutLosses(StateFs& files, const model::Contract& contract,
                                          const std::vector<data::Frame>& frames, std::span<const double> losses);

}  // namespace retrain::pipeline
