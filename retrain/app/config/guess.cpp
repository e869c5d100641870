#include "retrain/app/config/guess.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::app {
namespace {

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

// How many values a column holds in these rows; counting stops at `limit`.
std::size_t DistinctValues(const data::Column& column, std::int64_t rows, std::size_t limit) {
  if (column.type == data::ColumnType::kText) {
    std::set<std::int32_t> seen;
    for (std::int64_t row = 0; row < rows && seen.size() < limit; ++row) {
      if (column.codes[row] >= 0) seen.insert(column.codes[row]);
    }
    return seen.size();
  }
  std::set<double> seen;
  for (std::int64_t row = 0; row < rows && seen.size() < limit; ++row) {
    if (!std::isnan(column.numbers[row])) seen.insert(column.numbers[row]);
  }
  return seen.size();
}

Guess GuessTarget(const data::Frame& rows) {
  constexpr std::array kNames = {"target", "label",   "y",     "class",   "outcome",
                                 "churn",  "churned", "fraud", "default", "converted"};
  for (const char* name : kNames) {
    for (const auto& field : rows.schema().fields) {
      if (Lower(field.name) == name) return {field.name, "by its name"};
    }
  }
  if (rows.schema().fields.empty()) return {};
  const std::size_t last = rows.schema().fields.size() - 1;
  const auto values = DistinctValues(rows.column(last), rows.rows(), 20);
  if (values < 2 || values >= 20) return {};
  return {rows.schema().fields[last].name, fmt::format("the last column, with {} different values", values)};
}

Guess GuessTime(const data::Frame& rows) {
  for (const auto& field : rows.schema().fields) {
    if (field.type == data::ColumnType::kTime) return {field.name, "the first column of timestamps"};
  }
  return {};
}

Guess GuessId(const data::Frame& rows) {
  for (std::size_t i = 0; i < rows.schema().fields.size(); ++i) {
    const std::string name = Lower(rows.schema().fields[i].name);
    const bool named = name == "id" || name.ends_with("_id") || name == "uuid" || name == "key";
    const auto all = static_cast<std::size_t>(rows.rows());
    if (named && all > 1 && DistinctValues(rows.column(i), rows.rows(), all) == all) {
      return {rows.schema().fields[i].name, "by its name, and it never repeats"};
    }
  }
  return {};
}

std::string RoleLine(std::string_view key, const Guess& guess, std::string_view what) {
  if (guess.column.empty()) return fmt::format("  # {}: …            # {}\n", key, what);
  return fmt::format("  {}: {}            # guessed: {}\n", key, guess.column, guess.reason);
}

}  // namespace

TableGuess GuessColumns(const data::Frame& rows, const std::string& file) {
  TableGuess guess{.file = file, .columns = rows.schema().Names()};
  guess.target = GuessTarget(rows);
  guess.time = GuessTime(rows);
  guess.id = GuessId(rows);
  if (guess.id.column == guess.target.column) guess.id = {};
  return guess;
}

std::string ConfigTemplate(const TableGuess& guess, const std::string& data_path, const std::string& validation_path) {
  std::string text = "# What `retrain` is told. `retrain schema` lists every key.\n";
  if (!guess.file.empty()) text += fmt::format("# Columns of {}: {}\n", guess.file, ListNames(guess.columns, 30));
  text += "\nstrategy: incremental        # or full; a run may say otherwise\n\ndata_config:\n";
  text += fmt::format("  new_data_path: {}\n", data_path);
  text += validation_path.empty() ? "  # validation_data: …   # left out: the newest rows of each run judge\n"
                                  : fmt::format("  validation_data: {}\n", validation_path);
  text += "  min_new_samples: 1000\n";
  text += RoleLine("target", guess.target, "the column to predict");
  text += RoleLine("time_column", guess.time, "orders the rows");
  text += RoleLine("id_column", guess.id, "names a row; never learned from");
  text += "  # exclude: []          # columns that must not be learned from\n";
  text += "\ntraining_config:\n  epochs: 30\n  early_stopping: true\n";
  text += "\nvalidation_config:\n  # metrics: [accuracy, f1]     # the first decides; left out: by task\n";
  text +=
      "  minimum_improvement: 0.0      # one point is 0.01\n  fallback_on_regression: true  # refuse when any metric "
      "is significantly worse\n";
  return text;
}

}  // namespace retrain::app
