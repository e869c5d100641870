#pragma once

#include <string>

#include "retrain/model/model.h"

namespace retrain::serve {

// The index of the class that a row of scores names: the largest, the first of equals; binary by its threshold of
// one half, so that 0.5 is the positive class. REQUIRES: a classification contract.
std::int64_t ClassOf(const model::Contract& contract, const model::Predictions& scores, std::int64_t row);

// What is predicted for a row, as a person writes it: the class, or the value.
std::string LabelOf(const model::Contract& contract, const model::Predictions& scores, std::int64_t row);

}  // namespace retrain::serve
