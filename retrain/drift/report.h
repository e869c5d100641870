#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "retrain/base/json.h"
#include "retrain/drift/column_kind.h"

namespace retrain::drift {

// kDrifted: the data exclude an effect as small as the threshold. kStable: they exclude one as large as it.
// kUndecided: neither; more rows would tell. kFailed: the column cannot be compared (missing, another type).
enum class Outcome { kDrifted, kStable, kUndecided, kFailed };

std::string_view Name(Outcome outcome);                  // "drifted", "stable", "undecided", "failed"
Result<Outcome> OutcomeFromName(std::string_view name);  // E0302

// An effect is a population stability index, sum (q - p) ln(q / p), in nats: 0 for equal laws, 0.1 a shift of about
// 0.3 standard deviations, 0.2 of about 0.45. `lower` and `upper` are one-sided bounds at 95 % each.
struct Effect {
  double value = 0;  // what the data say without the part that chance alone adds; never below 0
  double lower = 0;
  double upper = 0;  // infinite (null in JSON) when nothing is known

  bool operator==(const Effect&) const = default;
};

// Is the share of nulls another one? A test of its own: the values are compared without them.
struct NullChange {
  double reference_share = 0;  // of the rows, 0 to 1
  double current_share = 0;
  std::optional<Effect> effect = {};            // of null against not null
  std::optional<double> p_value = {};           // of "the effect is at most the threshold"; empty: no null anywhere
  std::optional<double> adjusted_p_value = {};  // over all tests of the report (Benjamini-Hochberg)
  bool drifted = false;

  bool operator==(const NullChange&) const = default;
};

// One cell of the picture: a range of numbers or a category, and how many rows of each table lie in it.
struct Cell {
  std::string label;  // "(1.5, 2]", "AA", "below 1.5", "3,912 others"
  std::int64_t reference = 0;
  std::int64_t current = 0;
  bool joined = false;  // many categories that are not shown one by one

  bool operator==(const Cell&) const = default;
};

struct Statistic {
  std::string name;  // "ks", "ks_p_value", "wasserstein", …
  double value = 0;

  bool operator==(const Statistic&) const = default;
};

// What became of one column.
struct ColumnDrift {
  std::string name;
  ColumnKind kind = ColumnKind::kNumeric;
  Outcome outcome = Outcome::kUndecided;
  std::string reason;  // one sentence, with the numbers that made it so
  // Of the default test; with a named method they are empty, and `statistic`, `p_value` and `threshold` are its own.
  std::optional<Effect> effect = {};
  std::optional<double> statistic = {};         // of the default test: the index as it is usually computed
  std::optional<double> p_value = {};           // of "the effect is at most the threshold"
  std::optional<double> adjusted_p_value = {};  // over all tests of the report (Benjamini-Hochberg)
  std::optional<double> threshold = {};
  NullChange nulls = {};
  std::optional<double> importance = {};  // to the model of the reference, 0 to 1; empty: there is none
  std::int64_t n_reference = 0;           // rows with a value
  std::int64_t n_current = 0;
  std::optional<std::int64_t> rows_to_decide = {};  // of the current table, if the estimate is the truth; kUndecided
  std::vector<Cell> cells = {};
  std::vector<Statistic> statistics = {};  // of the exact suite, when it was asked for

  bool operator==(const ColumnDrift&) const = default;
};

// Both tables as wholes: can a model tell of which one a row is? `area` is that under its ROC curve: how often it finds
// a row of the current table more like the current one than a row of the reference; 0.5 is a guess, 1 never wrong.
struct JointDrift {
  Outcome outcome = Outcome::kUndecided;
  std::string reason;
  std::optional<double> area = {};  // this and the next three are empty together: too few rows
  std::optional<double> lower = {};
  std::optional<double> upper = {};
  std::optional<double> p_value = {};  // of "the area is at most that of the threshold"
  double threshold = 0.5;              // the area that a shift by the report's threshold gives
  std::int64_t n_reference = 0;        // rows that were looked at
  std::int64_t n_current = 0;

  bool operator==(const JointDrift&) const = default;
};

// A column that was not looked at, and why: a time, a list, one that the reference does not have.
struct LeftOut {
  std::string name;
  std::string reason;

  bool operator==(const LeftOut&) const = default;
};

// Two tables, column by column.
struct DriftReport {
  std::string method = "default";
  double threshold = 0.1;    // the smallest effect that matters
  bool drifted = false;      // any column is, or all together are
  double drifted_share = 0;  // of the columns that were compared, 0 to 1
  std::string sentence;      // all of it in one line
  std::int64_t rows_reference = 0;
  std::int64_t rows_current = 0;
  std::vector<ColumnDrift> columns = {};  // drifted, failed, undecided, stable; the larger effect × importance first
  std::optional<JointDrift> joint = {};   // of the method domain_classifier, which compares no column by itself
  std::vector<LeftOut> left_out = {};

  const ColumnDrift* Find(std::string_view name) const;  // null: no such column
  bool operator==(const DriftReport&) const = default;
};

Json ToJson(const ColumnDrift& column);
Json ToJson(const JointDrift& joint);
Json ToJson(const DriftReport& report);
Result<DriftReport> DriftReportFromJson(const Json& json);  // E0302

}  // namespace retrain::drift
