#pragma once

#include <string_view>

#include "retrain/model/forest/forest.h"

namespace retrain::train::forest {

// The forest in a model as XGBoost 2 and 3 write it to JSON. E0303 names what cannot be taken over (linear boosters,
// dropped trees, vector leaves, an objective beyond binary:logistic, multi:softprob and reg:squarederror); E0301 for a
// text that is no whole model. `shrinkage` is the learning rate, which XGBoost does not write.
Result<model::forest::Forest> ForestFromXgboost(std::string_view json, double shrinkage);

}  // namespace retrain::train::forest
