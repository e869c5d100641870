#pragma once

#include <memory>
#include <string>
#include <vector>

#include "retrain/data/column_table.h"

namespace retrain::data {

// A column of numbers in memory; null is NaN.
struct NumberColumn {
  std::string name;
  std::vector<double> values = {};

  bool operator==(const NumberColumn&) const = default;
};

// Columns of numbers as a table; or beside those of another table, which is borrowed and outlives it.
// REQUIRES: one column at least, all of one length: that of the other table, which has none of these names.
class NumberColumns final : public ColumnTable {
 public:
  explicit NumberColumns(std::vector<NumberColumn> columns, const ColumnTable* beside = nullptr);
  const Schema& schema() const override { return schema_; }
  std::int64_t rows() const override { return rows_; }
  Result<std::unique_ptr<TableSource>> Open(const std::vector<std::string>& columns) const override;

 private:
  std::shared_ptr<const std::vector<NumberColumn>> columns_;
  const ColumnTable* beside_;
  Schema schema_;
  std::int64_t rows_;
};

}  // namespace retrain::data
