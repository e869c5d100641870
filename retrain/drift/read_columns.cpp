#include "retrain/drift/read_columns.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "retrain/stats/sort_values.h"

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
  for (const std::int32_t code : column.codes) ++by_code[static_cast<std::size_t>(std::int64_t{code} + 1)];
  values.nulls += by_code[0];
  for (std::size_t code = 0; code < column.levels.size(); ++code) {
    if (by_code[code + 1] > 0) values.categories.Add(column.levels[code], by_code[code + 1]);
  }
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

std::string CategoryOf(double number, data::ColumnType type) {
  if (type == data::ColumnType::kBoolean) return number != 0 ? "true" : "false";
  return fmt::format("{}", number);
}

Status ReadColumns(const data::ColumnTable& table, std::span<const ChosenColumn> columns,
                   std::vector<ColumnValues>& values) {
  std::vector<std::string> names;
  for (const ChosenColumn& column : columns) names.push_back(column.field.name);
  TRY(const auto source, table.Open(names));
  values.resize(columns.size());
  for (ColumnValues& column : values) {
    column.numbers.clear();
    column.categories = {};
    column.nulls = 0;
  }
  std::vector<std::int64_t> by_code;
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) return Ok();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const data::Column& column = frame->column(i);
      if (column.type == data::ColumnType::kText) {
        AddText(column, by_code, values[i]);
      } else if (columns[i].kind == ColumnKind::kCategorical) {
        AddNumbersAsText(column, values[i]);
      } else {
        if (values[i].numbers.empty()) values[i].numbers.reserve(static_cast<std::size_t>(table.rows()));
        AddNumbers(column.numbers, values[i]);
      }
    }
  }
}

Status ForGroups(std::span<const ChosenColumn> columns, std::int64_t rows, Parallel& parallel, const Progress& progress,
                 const std::function<Status(std::size_t begin, std::span<const ChosenColumn>, Workspace&)>& work) {
  const std::int64_t together = std::max<std::int64_t>(1, kBytesOfGroup / (8 * std::max<std::int64_t>(rows, 1)));
  // As many columns as fit into memory together, but no fewer groups than threads.
  const std::size_t fair = (columns.size() + parallel.threads() - 1) / static_cast<std::size_t>(parallel.threads());
  const std::size_t size =
      std::clamp<std::size_t>(static_cast<std::size_t>(together), 1, std::max<std::size_t>(1, fair));
  const std::size_t groups = (columns.size() + size - 1) / size;
  std::vector<std::optional<Error>> errors(groups);
  std::atomic<std::size_t> next{0};
  parallel.For(parallel.threads(), [&](int) {
    Workspace workspace;
    for (std::size_t group = next++; group < groups; group = next++) {
      const auto chosen = columns.subspan(group * size, std::min(size, columns.size() - group * size));
      auto status = work(group * size, chosen, workspace);
      if (!status.ok()) errors[group] = std::move(status).error();
      if (progress) progress(chosen.size());
    }
  });
  for (auto& error : errors) {
    if (error) return *std::move(error);
  }
  return Ok();
}

ColumnProfile ProfileOf(const ChosenColumn& column, ColumnValues& values) {
  ColumnProfile profile{.name = column.field.name, .type = column.field.type, .kind = column.kind};
  profile.tally.nulls = values.nulls;
  if (column.kind == ColumnKind::kNumeric) {
    stats::SortValues(values.numbers);
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
