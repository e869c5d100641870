#pragma once

#include <string_view>

#include "retrain/base/result.h"

namespace retrain::drift {

// How a column is compared: by where its values lie, or by how often each one occurs.
enum class ColumnKind { kNumeric, kCategorical };

std::string_view Name(ColumnKind kind);                        // "numeric", "categorical"
Result<ColumnKind> ColumnKindFromName(std::string_view name);  // E0302

}  // namespace retrain::drift
