#pragma once

#include <cstdint>
#include <vector>

#include "retrain/drift/cells.h"
#include "retrain/stats/effect_floor.h"

namespace retrain::drift {

// Within this room: the counts of two tables as a test needs them. A cell is well filled when 5 of its rows are
// expected in the smaller table. Which cells those are is decided by the rows of both tables together: given these, a
// table without drift is any split of them, so the choice cannot raise an alarm by itself; a choice by the reference
// alone would, since cells that are full there by chance are emptier elsewhere.
struct PooledCells {
  std::vector<std::int64_t> reference;  // well-filled cells; what lies in no such cell is one cell more
  std::vector<std::int64_t> current;
  std::vector<std::int64_t> sparse_reference;  // categories within that last cell, each for itself
  std::vector<std::int64_t> sparse_current;
  std::size_t filled = 0;  // cells and categories with any row, before pooling
  // Of the fullest cell before pooling: when all were joined to one, it can still be held against the rest.
  std::int64_t fullest_reference = 0;
  std::int64_t fullest_current = 0;
};

// Neighbouring cells are joined until they are well filled. REQUIRES: as many cells here as there.
PooledCells PoolNumbers(const std::vector<std::int64_t>& reference, const std::vector<std::int64_t>& current);

// Categories that are not well filled are joined to one cell, and compared one by one within it.
PooledCells PoolCategories(const CategoryCounts& reference, const CategoryCounts& current);

// Over all of it. `variance` is 0 when the rows say nothing about the effect. REQUIRES: rows on either side.
stats::Discrepancy DiscrepancyOf(const PooledCells& pooled);

}  // namespace retrain::drift
