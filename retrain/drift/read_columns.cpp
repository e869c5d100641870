#include "retrain/drift/read_columns.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace retrain::drift {
namespace {

constexpr std::int64_t kBytesOfGroup = 8'000'000;

void AddNumbers(std::span<const double> numbers, ColumnValues& values) {
  const std::size_t before = values.numbers.size();
  values.numbers.resize(before + numbers.size());
  double* out = values.numbers.data() + before;
  for (const double number : numbers) {
    *out = number;
    out += number == number ? 1 : 0;  // NaN is overwritten by the next one
  }
  const auto kept = static_cast<std::size_t>(out - values.numbers.data());
  values.nulls += static_cast<std::int64_t>(before + numbers.size() - kept);
  values.numbers.resize(kept);
}

void AddText(const data::Column& column, std::vector<std::int64_t>& by_code, ColumnValues& values) {
  by_code.assign(column.levels.size() + 1, 0);
  for (const std::int32_t code : column.codes) ++by_code[static_cast<std::size_t>(code + 1)];
  values.nulls += by_code[0];
  for (std::size_t code = 0; code < column.levels.size(); ++code) {
    if (by_code[code + 1] > 0) values.categories.Add(column.levels[code], by_code[code + 1]);
  }
}

std::string CategoryOf(double number, data::ColumnType type) {
  if (type == data::ColumnType::kBoolean) return number != 0 ? "true" : "false";
  return fmt::format("{}", number);
}

void AddNumbersAsText(const data::Column& column, ColumnValues& values) {
  std::unordered_map<double, std::int64_t> rows_of;
  for (const double number : column.numbers) {
    if (std::isnan(number)) {
      ++values.nulls;
    } else {
      ++rows_of[number];
    }
  }
  std::vector<std::pair<double, std::int64_t>> sorted(rows_of.begin(), rows_of.end());
  std::ranges::sort(sorted);  // beyond the most categories, which ones are kept must not be chance
  for (const auto& [number, rows] : sorted) values.categories.Add(CategoryOf(number, column.type), rows);
}

}  // namespace

std::vector<ColumnGroup> GroupColumns(std::size_t columns, std::int64_t rows) {
  const auto together =
      static_cast<std::size_t>(std::max<std::int64_t>(1, kBytesOfGroup / (8 * std::max<std::int64_t>(rows, 1))));
  std::vector<ColumnGroup> groups;
  for (std::size_t begin = 0; begin < columns; begin += together) {
    groups.push_back({begin, std::min(columns, begin + together)});
  }
  return groups;
}

Result<std::vector<ColumnValues>> ReadColumns(const data::ColumnTable& table, std::span<const ChosenColumn> columns) {
  std::vector<std::string> names;
  for (const ChosenColumn& column : columns) names.push_back(column.field.name);
  TRY(const auto source, table.Open(names));
  std::vector<ColumnValues> values(columns.size());
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].kind == ColumnKind::kNumeric) values[i].numbers.reserve(static_cast<std::size_t>(table.rows()));
  }
  std::vector<std::int64_t> by_code;
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) return values;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const data::Column& column = frame->column(i);
      if (column.type == data::ColumnType::kText) {
        AddText(column, by_code, values[i]);
      } else if (columns[i].kind == ColumnKind::kCategorical) {
        AddNumbersAsText(column, values[i]);
      } else {
        AddNumbers(column.numbers, values[i]);
      }
    }
  }
}

ColumnProfile ProfileOf(const ChosenColumn& column, ColumnValues& values) {
  ColumnProfile profile{.name = column.field.name, .type = column.field.type, .kind = column.kind};
  profile.tally.nulls = values.nulls;
  if (column.kind == ColumnKind::kNumeric) {
    std::ranges::sort(values.numbers);
    profile.cuts = QuantileCuts(values.numbers);
    profile.tally.cells = CountSortedCells(profile.cuts, values.numbers);
  } else {
    profile.tally.categories = values.categories;
  }
  return profile;
}

ColumnTally TallyOf(const ColumnProfile& reference, const ColumnValues& values) {
  ColumnTally tally{.nulls = values.nulls};
  if (reference.kind == ColumnKind::kNumeric) {
    tally.cells = CountCells(reference.cuts, values.numbers);
  } else {
    tally.categories = values.categories;
  }
  return tally;
}

}  // namespace retrain::drift
