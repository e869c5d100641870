#pragma once

#include <unordered_map>

#include "retrain/drift/profile.h"

namespace retrain::drift {

// Within this room: one column in memory, all its rows.
struct ColumnValues {
  std::vector<double> numbers;  // numeric: those that are not null, in the order of the table
  CategoryCounts categories;    // categorical
  std::int64_t nulls = 0;
};

// Columns that are read and worked on together, so that files are opened seldom and few columns are in memory at once.
struct ColumnGroup {
  std::size_t begin = 0;
  std::size_t end = 0;
};
std::vector<ColumnGroup> GroupColumns(std::size_t columns, std::int64_t rows);

// REQUIRES: the table has every column, of a type that its kind can be read from.
Result<std::vector<ColumnValues>> ReadColumns(const data::ColumnTable& table, std::span<const ChosenColumn> columns);

// Sorts values.numbers on the way.
ColumnProfile ProfileOf(const ChosenColumn& column, ColumnValues& values);
ColumnTally TallyOf(const ColumnProfile& reference, const ColumnValues& values);

}  // namespace retrain::drift
