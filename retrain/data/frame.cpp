#include "retrain/data/frame.h"

#include <cmath>

namespace retrain::data {

bool Column::IsNull(std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  return type == ColumnType::kText ? codes[at] < 0 : std::isnan(numbers[at]);
}

Frame::Frame(Schema schema, std::vector<Column> columns, std::int64_t rows, std::shared_ptr<const void> storage)
    : schema_(std::move(schema)), columns_(std::move(columns)), rows_(rows), storage_(std::move(storage)) {
  RETRAIN_ALWAYS(columns_.size() == schema_.fields.size());
  for (const Column& column : columns_) {
    const bool is_text = column.type == ColumnType::kText;
    RETRAIN_ALWAYS(static_cast<std::int64_t>(is_text ? column.codes.size() : column.numbers.size()) == rows_);
  }
}

const Column* Frame::Find(std::string_view name) const {
  const Field* field = schema_.Find(name);
  return field == nullptr ? nullptr : &columns_[static_cast<std::size_t>(field - schema_.fields.data())];
}

Frame Frame::Slice(std::int64_t begin, std::int64_t count) const {
  RETRAIN_ALWAYS(begin >= 0 && count >= 0 && begin + count <= rows_);
  const auto first = static_cast<std::size_t>(begin);
  const auto length = static_cast<std::size_t>(count);
  std::vector<Column> columns = columns_;
  for (Column& column : columns) {
    if (column.type == ColumnType::kText) {
      column.codes = column.codes.subspan(first, length);
    } else {
      column.numbers = column.numbers.subspan(first, length);
    }
  }
  return {schema_, std::move(columns), count, storage_};
}

}  // namespace retrain::data
