#pragma once

#include "retrain/drift/compare.h"

namespace retrain::drift {

// Compares every column that both tables can give. A column of the reference that the current table lacks or has with
// another type is kFailed, one that only the current table has is left out; both with the reason. Each column's
// values are in memory only while it is worked on; columns are shared out over `parallel`. `progress` as in profile.h.
Result<DriftReport> CheckProfile(const Profile& reference, const data::ColumnTable& current,
                                 const CompareOptions& options, Parallel& parallel, const Progress& progress = {});

}  // namespace retrain::drift
