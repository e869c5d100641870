#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "retrain/base/parallel.h"
#include "retrain/data/column_table.h"
#include "retrain/drift/cells.h"
#include "retrain/drift/column_kind.h"
#include "retrain/drift/report.h"

namespace retrain::drift {

// The rows of one column, counted. Which of the two lists is used is a matter of the column's kind.
struct ColumnTally {
  std::int64_t nulls = 0;
  std::vector<std::int64_t> cells = {};  // numeric: rows in each cell
  CategoryCounts categories = {};        // categorical

  std::int64_t rows() const;  // with a value
  bool operator==(const ColumnTally&) const = default;
};

// Adds the counts of other rows of the same column: sums, so any order of any parts gives the same.
// REQUIRES: both are counted in the same cells.
void Add(ColumnTally& tally, const ColumnTally& other);

// One column of the reference: how it is counted, and its counts.
struct ColumnProfile {
  std::string name;
  data::ColumnType type = data::ColumnType::kNumber;
  ColumnKind kind = ColumnKind::kNumeric;
  bool predicted = false;                 // a score of the model whose rows these are; tables do not have it
  std::optional<double> importance = {};  // to that model, 0 to 1; empty: not known
  std::vector<double> cuts = {};          // numeric: see cells.h
  ColumnTally tally = {};

  bool operator==(const ColumnProfile&) const = default;
};

// What is kept of a reference table, so that a later check reads only the current one.
struct Profile {
  std::int64_t rows = 0;
  std::vector<ColumnProfile> columns;
  std::vector<LeftOut> left_out = {};

  const ColumnProfile* Find(std::string_view name) const;  // null: no such column
  bool operator==(const Profile&) const = default;
};

// Which columns are compared, and how.
struct ColumnChoice {
  std::vector<std::string> columns = {};      // empty: all but times
  std::vector<std::string> categorical = {};  // numbers to be counted as categories; text and booleans always are

  bool operator==(const ColumnChoice&) const = default;
};

struct ChosenColumn {
  data::Field field;
  ColumnKind kind = ColumnKind::kNumeric;
};

// The columns of a table that are compared, in its order; the others, with the reason, are appended to `left_out`.
// E0203 with a near name for one that the table does not have.
Result<std::vector<ChosenColumn>> Choose(const data::Schema& schema, const ColumnChoice& choice,
                                         std::vector<LeftOut>& left_out);

// Called when further columns are done, from any thread and from several at once.
using Progress = std::function<void(std::size_t columns)>;

// Counts the reference: its quantiles are the cells. E0214 when it has no row, and what Choose and the table say.
// Holds a few columns in memory at a time, each with all its rows; the columns are shared out over `parallel`.
Result<Profile> MakeProfile(const data::ColumnTable& table, const ColumnChoice& choice, Parallel& parallel,
                            const Progress& progress = {});

// The bytes of docs/formats.md. E0301 for bytes that are damaged, E0302 for a format that this program does not know;
// `what` names them in the error.
std::string ProfileToBytes(const Profile& profile);
bool LooksLikeProfile(std::string_view first_bytes);
Result<Profile> ProfileFromBytes(std::string_view bytes, std::string_view what);

}  // namespace retrain::drift
