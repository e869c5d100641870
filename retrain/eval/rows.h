#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "retrain/eval/comparison.h"

namespace retrain::eval {

// What every evaluation asks of its input. A number that is not finite is never skipped: it is an error that names
// the row. E0205 for a label, E0214 without rows, E0215 for a weight that is negative or not finite, or all 0.
// REQUIRES: weights empty or one a row; codes of classes within 0 … classes - 1.
Status CheckTruth(const Truth& truth);

// E0308 for a score that is not finite; `whose` names the model. REQUIRES: rows × outputs scores, where outputs is the
// number of classes, or 1 for a regression.
Status CheckScores(const Truth& truth, const Scores& scores, std::string_view whose);

// E0102 when the metric says nothing about this task.
Status CheckFits(Metric metric, const data::Labels& labels);

using Classes = std::vector<std::int32_t>;

Classes ActualClasses(const Truth& truth);

// Binary: the positive class where its probability is at least `threshold`. Otherwise the most probable class, the
// first of equal ones.
Classes PredictedClasses(const Truth& truth, const Scores& scores, double threshold);

inline double WeightOf(const Truth& truth, std::size_t row) { return truth.weights.empty() ? 1.0 : truth.weights[row]; }

}  // namespace retrain::eval
