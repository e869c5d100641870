#pragma once

#include <span>

#include "retrain/data/roles.h"
#include "retrain/model/forest/forest.h"

namespace retrain::train::forest {

struct RenewalRows {
  std::span<const double> values;  // row-major, as the forest compares them
  std::span<const float> targets;  // class codes or values
  std::span<const float> weights;  // empty: all 1
};

// Gives the leaves new values from new rows and leaves all splits as they are: tree after tree, as boosting grew them,
// each leaf becomes decay · old + (1 - decay) · shrinkage · (-G / (H + 1)) with the gradients and second derivatives of
// the loss of the rows in it at the scores of the renewed trees before (LightGBM's refit with λ = 1; with decay 0
// XGBoost's refresh). A leaf that no row reaches keeps its value, which both libraries set towards 0.
void RenewLeaves(data::Task task, const RenewalRows& rows, double decay, model::forest::Forest& forest);

}  // namespace retrain::train::forest
