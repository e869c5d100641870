#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "retrain/data/schema.h"

namespace retrain::data {

// One column of a frame: a view that lives as long as the frame's storage.
// kText: `codes[row]` indexes `levels`, -1 is null; no level stands twice in one frame, but another frame of the same
// table may have other levels, or the same in another order.
// All other types: `numbers[row]`, null is NaN; kBoolean is 0 or 1, kTime is microseconds since 1970 UTC (a time of
// day: since midnight). An integer beyond 2^53 is rounded to the nearest double.
struct Column {
  ColumnType type = ColumnType::kNumber;
  std::span<const double> numbers = {};
  std::span<const std::int32_t> codes = {};
  std::span<const std::string_view> levels = {};

  bool IsNull(std::int64_t row) const;
};

// Some rows of a table, in memory, column by column. A value that shares its storage: copies are cheap, and the rows
// never change. Safe to read from many threads.
class Frame {
 public:
  Frame() = default;
  // REQUIRES: one column a field, each `rows` long; `storage` keeps what the columns view alive.
  Frame(Schema schema, std::vector<Column> columns, std::int64_t rows, std::shared_ptr<const void> storage);

  const Schema& schema() const { return schema_; }
  std::int64_t rows() const { return rows_; }
  const Column& column(std::size_t index) const { return columns_[index]; }
  const Column* Find(std::string_view name) const;  // null: no such column

  Frame Slice(std::int64_t begin, std::int64_t count) const;  // REQUIRES: inside [0, rows()]

 private:
  Schema schema_;
  std::vector<Column> columns_;
  std::int64_t rows_ = 0;
  std::shared_ptr<const void> storage_;
};

}  // namespace retrain::data
