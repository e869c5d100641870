#pragma once

#include <span>
#include <vector>

#include "retrain/drift/profile.h"

namespace retrain::drift {

// The usual two-sample statistics of one column, beside the default test and without a say in the outcome. Exact: over
// all rows, no sampling. Those on ranks are over finite values; psi and jensen_shannon over the profile's cells.

// ks, wasserstein, cramer_von_mises, anderson_darling, mann_whitney with their p-values, psi, jensen_shannon. Only the
// last two when a side has no finite value; none when it has no value. `reference` and `current` are sorted.
std::vector<Statistic> NumberStatistics(std::span<const double> reference, std::span<const double> current,
                                        const std::vector<std::int64_t>& reference_cells,
                                        const std::vector<std::int64_t>& current_cells);

// chi_square with its p-value, psi, jensen_shannon; none when a side has no value.
std::vector<Statistic> CategoryStatistics(const CategoryCounts& reference, const CategoryCounts& current);

}  // namespace retrain::drift
