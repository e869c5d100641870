#pragma once

#include <memory>

#include "retrain/model/artifact.h"
#include "retrain/model/forest/forest.h"
#include "retrain/model/mlp/encoder.h"

namespace retrain::model::forest {

inline constexpr std::string_view kLightgbm = "lightgbm";
inline constexpr std::string_view kXgboost = "xgboost";
bool IsForest(std::string_view family);

// A forest as an artifact holds it: section `encoder`, which says what the features are (the numbers, then the
// categories as codes), and section `forest`. It needs the library that grew it no more.
struct GrownForest {
  mlp::Encoder encoder;
  Forest forest;
};

// How wide a row of the encoder is.
std::uint32_t Width(const mlp::Encoder& encoder);

// Appends the rows as the forest compares them.
Status AppendRows(const mlp::Encoder& encoder, bool single_precision, const data::Frame& rows,
                  std::vector<double>& into);

void SaveForest(const GrownForest& grown, Artifact& artifact);
Result<GrownForest> LoadForest(const Artifact& artifact);  // E0301

// E0301 when the artifact is not a whole forest.
Result<std::unique_ptr<Model>> LoadForestModel(const Artifact& artifact);

}  // namespace retrain::model::forest
