#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "retrain/data/frame.h"
#include "retrain/model/model.h"

namespace retrain::model {

// Appends the target of each row as data::CodeLabels has it, and its weight when the contract names a weight column.
// `first_row` is the number of the frame's first row in its table, for messages. E0203 without a column, E0204, E0205
// or E0213 for a target that cannot be learned, E0215 for a weight that is negative, null or infinite.
Status AppendTargets(const Contract& contract, const data::Frame& rows, std::int64_t first_row,
                     std::vector<double>& targets, std::vector<double>& weights);

// The column of a frame that a contract names. E0203 when it is not there, with the nearest name.
Result<const data::Column*> RequireColumn(const data::Frame& rows, std::string_view name);

}  // namespace retrain::model
