#include "retrain/drift/profile.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "retrain/drift/read_columns.h"

namespace retrain::drift {

std::int64_t ColumnTally::rows() const {
  return std::accumulate(cells.begin(), cells.end(), std::int64_t{0}) + categories.rows();
}

void Add(ColumnTally& tally, const ColumnTally& other) {
  RETRAIN_ALWAYS(tally.cells.size() == other.cells.size());
  tally.nulls += other.nulls;
  for (std::size_t cell = 0; cell < tally.cells.size(); ++cell) tally.cells[cell] += other.cells[cell];
  tally.categories.Add(other.categories);
}

const ColumnProfile* Profile::Find(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &ColumnProfile::name);
  return found == columns.end() ? nullptr : &*found;
}

Result<std::vector<ChosenColumn>> Choose(const data::Schema& schema, const ColumnChoice& choice,
                                         std::vector<LeftOut>& left_out) {
  std::vector<Error> errors;
  for (const auto* names : {&choice.columns, &choice.categorical}) {
    for (const std::string& name : *names) {
      if (schema.Find(name) == nullptr) errors.push_back(data::MissingColumn(schema, name, "the reference", "columns"));
    }
  }
  if (!errors.empty()) return AllInOne(std::move(errors));
  const auto names = [](const std::vector<std::string>& list, const std::string& name) {
    return std::ranges::find(list, name) != list.end();
  };
  std::vector<ChosenColumn> chosen;
  for (const data::Field& field : schema.fields) {
    const bool as_category = names(choice.categorical, field.name);
    if (!choice.columns.empty() && !names(choice.columns, field.name)) continue;
    if (choice.columns.empty() && field.type == data::ColumnType::kTime && !as_category) {
      left_out.push_back({field.name, "a time moves on by itself; name it in `columns` to compare it all the same"});
      continue;
    }
    const bool is_word = field.type == data::ColumnType::kText || field.type == data::ColumnType::kBoolean;
    chosen.push_back({field, is_word || as_category ? ColumnKind::kCategorical : ColumnKind::kNumeric});
  }
  if (choice.columns.empty()) {
    for (const auto& field : schema.unusable) {
      left_out.push_back({field.name, fmt::format("a {} cannot be compared", field.kind)});
    }
  }
  return chosen;
}

Result<Profile> MakeProfile(const data::ColumnTable& table, const ColumnChoice& choice, Parallel& parallel,
                            const Progress& progress) {
  if (table.rows() == 0) return Error{.code = "E0214", .message = "the reference has no rows to compare with"};
  Profile profile{.rows = table.rows()};
  TRY(const auto chosen, Choose(table.schema(), choice, profile.left_out));
  profile.columns.resize(chosen.size());
  const auto count = [&](std::size_t begin, std::span<const ChosenColumn> columns, Workspace& space) -> Status {
    TRY_OK(ReadColumns(table, columns, space.reference));
    for (std::size_t i = 0; i < columns.size(); ++i)
      profile.columns[begin + i] = ProfileOf(columns[i], space.reference[i]);
    return Ok();
  };
  TRY_OK(ForGroups(chosen, table.rows(), parallel, progress, count));
  return profile;
}

}  // namespace retrain::drift
