#pragma once

#include <string_view>

#include "retrain/model/forest/forest.h"

namespace retrain::train::forest {

// The forest in a model as LightGBM 4 writes it to text. The base is 0: LightGBM puts averages into the first trees.
// E0303 names what cannot be taken over (linear trees, an objective beyond binary, multiclass and regression); E0301
// for a text that is no whole model.
Result<model::forest::Forest> ForestFromLightgbm(std::string_view text);

}  // namespace retrain::train::forest
