#include "retrain/drift/pooled_cells.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace retrain::drift {
namespace {

constexpr double kExpectedRows = 5;  // Cochran 1954

// Tells a well-filled cell by its rows in both tables.
class WellFilled {
 public:
  WellFilled(std::int64_t reference, std::int64_t current) {
    const auto smaller = static_cast<double>(std::min(reference, current));
    share_of_smaller_ = smaller / static_cast<double>(reference + current);
  }
  bool operator()(std::int64_t rows) const { return static_cast<double>(rows) * share_of_smaller_ >= kExpectedRows; }

 private:
  double share_of_smaller_;
};

void See(std::int64_t reference, std::int64_t current, PooledCells& pooled) {
  if (reference + current == 0) return;
  ++pooled.filled;
  if (reference + current <= pooled.fullest_reference + pooled.fullest_current) return;
  pooled.fullest_reference = reference;
  pooled.fullest_current = current;
}

std::int64_t Sum(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

}  // namespace

PooledCells PoolNumbers(const std::vector<std::int64_t>& reference, const std::vector<std::int64_t>& current) {
  RETRAIN_ALWAYS(reference.size() == current.size());
  const WellFilled is_filled(Sum(reference), Sum(current));
  PooledCells pooled;
  std::int64_t here = 0;
  std::int64_t there = 0;
  for (std::size_t cell = 0; cell < reference.size(); ++cell) {
    See(reference[cell], current[cell], pooled);
    here += reference[cell];
    there += current[cell];
    if (!is_filled(here + there)) continue;
    pooled.reference.push_back(std::exchange(here, 0));
    pooled.current.push_back(std::exchange(there, 0));
  }
  if (pooled.reference.empty()) {
    pooled.reference.push_back(here);
    pooled.current.push_back(there);
  } else {
    pooled.reference.back() += here;
    pooled.current.back() += there;
  }
  return pooled;
}

PooledCells PoolCategories(const CategoryCounts& reference, const CategoryCounts& current) {
  const WellFilled is_filled(reference.rows(), current.rows());
  PooledCells pooled;
  EachCategory(reference, current, [&](std::string_view, std::int64_t here, std::int64_t there) {
    See(here, there, pooled);
    const bool filled = is_filled(here + there);
    (filled ? pooled.reference : pooled.sparse_reference).push_back(here);
    (filled ? pooled.current : pooled.sparse_current).push_back(there);
  });
  const std::int64_t here = Sum(pooled.sparse_reference) + reference.others();
  const std::int64_t there = Sum(pooled.sparse_current) + current.others();
  if (reference.others() + current.others() > 0) ++pooled.filled;
  if (here + there == 0) return pooled;
  if (is_filled(here + there) || pooled.reference.empty()) {
    pooled.reference.push_back(here);
    pooled.current.push_back(there);
    return pooled;
  }
  std::size_t smallest = 0;
  for (std::size_t cell = 1; cell < pooled.reference.size(); ++cell) {
    const auto rows = [&](std::size_t at) { return pooled.reference[at] + pooled.current[at]; };
    if (rows(cell) < rows(smallest)) smallest = cell;
  }
  pooled.reference[smallest] += here;
  pooled.current[smallest] += there;
  return pooled;
}

stats::Discrepancy DiscrepancyOf(const PooledCells& pooled) {
  auto all = stats::OfStability(pooled.reference, pooled.current);
  if (pooled.sparse_reference.size() < 2) return all;
  const auto sparse = stats::OfSparseCells(pooled.sparse_reference, pooled.sparse_current);
  if (sparse.variance == 0) return all;
  all.value += sparse.value;
  all.mean += sparse.mean;
  all.variance += sparse.variance;
  return all;
}

}  // namespace retrain::drift
