#pragma once

#include "retrain/drift/method.h"
#include "retrain/drift/profile.h"
#include "retrain/drift/report.h"

namespace retrain::drift {

// Within this room: one column by a method of another tool (see method.h). `drifted` is what that tool's own threshold
// makes of it; without one the outcome is kUndecided. What the tool refuses is kFailed with its reason. E0211 for a
// column of a kind that the method does not take, E0107 for an unknown method, and errors of the tables.
Result<ColumnDrift> CompareByName(std::string_view method, const ChosenColumn& column,
                                  const data::ColumnTable& reference, const data::ColumnTable& current);

}  // namespace retrain::drift
