#include "retrain/drift/compare.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/drift/pooled_cells.h"
#include "retrain/stats/effect_floor.h"

namespace retrain::drift {
namespace {

constexpr std::size_t kShownCategories = 24;
constexpr Effect kNothingKnown{.upper = std::numeric_limits<double>::infinity()};

Effect EffectOf(const stats::EffectBounds& bounds) {
  return {.value = bounds.value, .lower = bounds.lower, .upper = bounds.upper};
}

// Rows of the current table that give `rows` = n m / (n + m); empty when the reference is too small for that.
std::optional<std::int64_t> CurrentRowsFor(double rows, std::int64_t n_reference) {
  const auto n = static_cast<double>(n_reference);
  if (rows >= n) return std::nullopt;
  const double needed = std::ceil(rows * n / (n - rows));
  return needed < 1e15 ? std::optional(static_cast<std::int64_t>(needed)) : std::nullopt;
}

// Events among the rows of two tables: nulls, or what lies outside the fullest cell.
struct Shares {
  std::int64_t reference = 0;
  std::int64_t rows_reference = 0;
  std::int64_t current = 0;
  std::int64_t rows_current = 0;
};

struct SharesTest {
  Effect effect;
  std::optional<double> p_value;
  std::optional<double> rows_to_tell;
};

SharesTest CompareShares(const Shares& shares, const CompareOptions& options) {
  const std::int64_t n = shares.rows_reference;
  const std::int64_t m = shares.rows_current;
  const std::int64_t events = shares.reference + shares.current;
  if (events == 0 || events == n + m) return {EffectOf(stats::BoundsOfOneCell(n, m, options.confidence)), {}, {}};
  const std::vector<std::int64_t> reference = {shares.reference, n - shares.reference};
  const std::vector<std::int64_t> current = {shares.current, m - shares.current};
  const auto seen = stats::OfStability(reference, current);
  SharesTest test{.effect = EffectOf(stats::BoundsOf(seen, options.confidence)),
                  .p_value = stats::FloorPValue(seen, options.threshold),
                  .rows_to_tell = stats::RowsToTell(seen, options.threshold, options.confidence, options.power)};
  const std::int64_t rarer = std::min(events, n + m - events);
  if (static_cast<double>(rarer) * static_cast<double>(std::min(n, m)) / static_cast<double>(n + m) >= 5) return test;
  // Too few for the chi-square law: whatever the floor, it must be no chance by the exact one either.
  const bool as_named = rarer == events;
  const double exact = stats::ExactSharesPValue(as_named ? shares.reference : n - shares.reference, n,
                                                as_named ? shares.current : m - shares.current, m);
  test.p_value = std::max(*test.p_value, exact);
  if (exact > 1 - options.confidence) test.effect.lower = 0;
  return test;
}

void CompareValues(const PooledCells& pooled, const CompareOptions& options, ColumnDrift& column) {
  column.statistic = stats::StabilityIndex(pooled.reference, pooled.current);
  const auto seen = DiscrepancyOf(pooled);
  std::optional<double> rows;
  if (seen.variance > 0) {
    column.effect = EffectOf(stats::BoundsOf(seen, options.confidence));
    column.p_value = stats::FloorPValue(seen, options.threshold);
    rows = stats::RowsToTell(seen, options.threshold, options.confidence, options.power);
  } else if (2 * (pooled.fullest_reference + pooled.fullest_current) > column.n_reference + column.n_current) {
    const auto test = CompareShares({column.n_reference - pooled.fullest_reference, column.n_reference,
                                     column.n_current - pooled.fullest_current, column.n_current},
                                    options);
    column.effect = test.effect;
    column.p_value = test.p_value;
    rows = test.rows_to_tell;
  } else {
    column.effect = kNothingKnown;
    const auto degrees = static_cast<double>(std::min<std::size_t>(pooled.filled, 10) - 1);
    if (pooled.sparse_reference.empty())  // numbers, too few rows of them: as many as would show that nothing changed
      rows = stats::RowsToTell({.mean = degrees, .variance = 2 * degrees}, options.threshold, options.confidence,
                               options.power);
  }
  if (rows) column.rows_to_decide = CurrentRowsFor(*rows, column.n_reference);
}

void CompareNulls(std::int64_t nulls_reference, std::int64_t nulls_current, const CompareOptions& options,
                  ColumnDrift& column) {
  const std::int64_t n = nulls_reference + column.n_reference;
  const std::int64_t m = nulls_current + column.n_current;
  NullChange& nulls = column.nulls;
  if (n > 0) nulls.reference_share = static_cast<double>(nulls_reference) / static_cast<double>(n);
  if (m > 0) nulls.current_share = static_cast<double>(nulls_current) / static_cast<double>(m);
  if (nulls_reference + nulls_current == 0 || n == 0 || m == 0) return;
  const auto test = CompareShares({nulls_reference, n, nulls_current, m}, options);
  nulls.effect = test.effect;
  nulls.p_value = test.p_value;
}

void ShowNumbers(const ColumnProfile& reference, const ColumnTally& current, std::vector<Cell>& cells) {
  const std::size_t last = reference.cuts.size();
  for (std::size_t cell = 0; cell <= last; ++cell) {
    const std::int64_t here = reference.tally.cells[cell];
    const std::int64_t there = current.cells[cell];
    if (here + there > 0) cells.push_back({CellLabel(reference.cuts, cell), here, there});
  }
}

void ShowCategories(const CategoryCounts& reference, const CategoryCounts& current, std::vector<Cell>& cells) {
  EachCategory(reference, current, [&](std::string_view category, std::int64_t here, std::int64_t there) {
    cells.push_back({std::string(category), here, there});
  });
  std::ranges::stable_sort(cells, std::greater<>(), [](const Cell& cell) { return cell.reference + cell.current; });
  Cell others{.reference = reference.others(), .current = current.others()};
  std::size_t left_out = 0;
  for (std::size_t i = kShownCategories; i < cells.size(); ++i, ++left_out) {
    others.reference += cells[i].reference;
    others.current += cells[i].current;
  }
  if (cells.size() > kShownCategories) cells.resize(kShownCategories);
  if (others.reference + others.current == 0) return;
  const bool are_counted = reference.others() + current.others() == 0;
  others.label = are_counted ? fmt::format("{} others", Grouped(static_cast<std::int64_t>(left_out))) : "all others";
  others.joined = true;
  cells.push_back(others);
}

}  // namespace

ColumnDrift CompareColumn(const ColumnProfile& reference, const ColumnTally& current, const CompareOptions& options) {
  ColumnDrift column{.name = reference.name, .kind = reference.kind, .threshold = options.threshold};
  column.importance = reference.importance;
  column.n_reference = reference.tally.rows();
  column.n_current = current.rows();
  if (reference.kind == ColumnKind::kNumeric) {
    ShowNumbers(reference, current, column.cells);
  } else {
    ShowCategories(reference.tally.categories, current.categories, column.cells);
  }
  if (column.n_reference > 0 && column.n_current > 0) {
    const auto pooled = reference.kind == ColumnKind::kNumeric
                            ? PoolNumbers(reference.tally.cells, current.cells)
                            : PoolCategories(reference.tally.categories, current.categories);
    CompareValues(pooled, options, column);
  }
  CompareNulls(reference.tally.nulls, current.nulls, options, column);
  return column;
}

}  // namespace retrain::drift
