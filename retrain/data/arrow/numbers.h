#pragma once

#include <optional>
#include <vector>

#include <arrow/type_fwd.h>

#include "retrain/data/schema.h"

namespace retrain::data {

// What an Arrow type is to learning; empty: nothing (lists, structs, maps). A dictionary is what its values are, an
// extension what its storage is; durations are numbers in seconds; a column of type null is a number.
std::optional<ColumnType> TypeOf(const arrow::DataType& type);

// All values of an array whose type is not text, as Column::numbers holds them.
arrow::Result<std::vector<double>> ToNumbers(const arrow::Array& array);

}  // namespace retrain::data
