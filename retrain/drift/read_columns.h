#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "retrain/drift/profile.h"

namespace retrain::drift {

// Within this room: one column in memory, all its rows.
struct ColumnValues {
  std::vector<double> numbers;  // numeric: those that are not null, in the order of the table
  CategoryCounts categories;    // categorical
  std::int64_t nulls = 0;
};

// How a number or a boolean is written as a category: "2.5", "7", "true".
std::string CategoryOf(double number, data::ColumnType type);

// What one thread works with; kept from column to column, since fresh memory is dear.
struct Workspace {
  std::vector<ColumnValues> reference;
  std::vector<ColumnValues> current;
};

// Fills `values`, one a column. REQUIRES: the table has every column, of a type that its kind can be read from.
Status ReadColumns(const data::ColumnTable& table, std::span<const ChosenColumn> columns,
                   std::vector<ColumnValues>& values);

// Calls work(group, its columns, workspace) for all columns in groups, shared out over `parallel`; returns the first
// error in the order of the columns. `progress` hears of each group that is done.
Status ForGroups(std::span<const ChosenColumn> columns, std::int64_t rows, Parallel& parallel, const Progress& progress,
                 const std::function<Status(std::size_t begin, std::span<const ChosenColumn>, Workspace&)>& work);

// Sorts values.numbers on the way.
ColumnProfile ProfileOf(const ChosenColumn& column, ColumnValues& values);
ColumnTally TallyOf(const ColumnProfile& reference, const ColumnValues& values);

}  // namespace retrain::drift
