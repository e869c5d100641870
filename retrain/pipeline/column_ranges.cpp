#include "retrain/pipeline/column_ranges.h"

#include <algorithm>

namespace retrain::pipeline {

void ColumnRanges::Learn(const data::Frame& reference) {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    auto& seen = seen_[i];
    const auto& column = *reference.Find(columns_[i].name);
    for (std::int64_t row = 0; row < reference.rows(); ++row) {
      if (column.IsNull(row)) {
        seen.has_nulls = true;
      } else if (column.type == data::ColumnType::kText) {
        seen.levels.emplace(column.levels[column.codes[row]]);
      } else {
        const double value = column.numbers[row];
        seen.least = seen.has_numbers ? std::min(seen.least, value) : value;
        seen.largest = seen.has_numbers ? std::max(seen.largest, value) : value;
        seen.has_numbers = true;
      }
    }
  }
}

bool ColumnRanges::IsOutside(const Seen& seen, const data::Column& column, std::int64_t row) {
  if (column.IsNull(row)) return !seen.has_nulls;
  if (column.type == data::ColumnType::kText) return !seen.levels.contains(column.levels[column.codes[row]]);
  return !seen.has_numbers || column.numbers[row] < seen.least || column.numbers[row] > seen.largest;
}

void ColumnRanges::Count(const data::Frame& rows) {
  rows_ += rows.rows();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto& column = *rows.Find(columns_[i].name);
    for (std::int64_t row = 0; row < rows.rows(); ++row) seen_[i].outside += IsOutside(seen_[i], column, row) ? 1 : 0;
  }
}

ColumnRanges::Outside ColumnRanges::Worst() const {
  Outside worst;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const double share = rows_ == 0 ? 0 : static_cast<double>(seen_[i].outside) / static_cast<double>(rows_);
    if (share > worst.share) worst = {columns_[i].name, share};
  }
  return worst;
}

}  // namespace retrain::pipeline
