#pragma once

#include <span>

#include "retrain/drift/compare.h"

namespace retrain::drift {

inline constexpr std::string_view kDomainClassifier = "domain_classifier";

// Whether a network can tell of which of two tables a row is: sees what no column by itself shows. Each half of the
// rows is scored by a network that was taught on the other half, so no row by one that saw it; the area under the ROC
// curve is the mean of both halves, each with DeLong's error. When nothing differs, the areas of the halves may be one
// and the same number (for a learner that is linear in the labels they are), so their mean is no surer than one of
// them: its error is the mean of theirs, which holds whatever their correlation is. At most 20,000 rows of each table,
// drawn with a fixed seed. Errors of the tables. REQUIRES: both tables have the columns with types that can be read so.
Result<JointDrift> TellApart(const data::ColumnTable& reference, const data::ColumnTable& current,
                             std::span<const ChosenColumn> columns, const CompareOptions& options, Parallel& parallel);

// The area that a shift of one normal column by a PSI of `threshold` gives: Phi(sqrt(threshold / 2)).
double AreaOfThreshold(double threshold);

}  // namespace retrain::drift
