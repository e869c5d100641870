#pragma once

#include <memory>
#include <span>

#include "retrain/model/artifact.h"

namespace retrain::model {

inline constexpr std::string_view kConstantFamily = "constant";

// The model that says the same of every row: the shares of the classes, or the mean value. What a first real model has
// to beat. `targets` are class codes or values, `weights` may be empty (all rows weigh 1). REQUIRES: at least one row.
Artifact FitConstant(const Contract& contract, std::span<const double> targets, std::span<const double> weights = {});

// E0301 when the artifact does not hold one finite score an output.
Result<std::unique_ptr<Model>> LoadConstant(const Artifact& artifact);

}  // namespace retrain::model
