#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/result.h"
#include "retrain/drift/column_kind.h"

// Drift statistics as other tools compute them, by name: their binning, their treatment of nulls, their thresholds, and
// their errors too. For comparison with numbers that are already known from there; the default test is the sounder one.
namespace retrain::drift {

// All rows of one column, in the order of its file.
struct ColumnSample {
  ColumnKind kind = ColumnKind::kNumeric;
  bool integers = false;                 // the column's type is an integer one; numpy bins those apart
  std::vector<double> numbers = {};      // kNumeric; null is NaN
  std::vector<std::int32_t> codes = {};  // kCategorical: index into `levels`, -1 is null
  std::vector<std::string> levels = {};

  bool operator==(const ColumnSample&) const = default;
};

struct MethodResult {
  std::string method;             // that ran: `evidently/ks` where `evidently/default` was asked for and chose it
  double statistic = 0;           // the number that the tool reports; for Evidently's tests that is the p-value
  std::optional<double> p_value;  // empty for a distance
  double threshold = 0;           // the tool's default; NaN where it has none, and then nothing is `drifted`
  bool drifted = false;           // by the tool's own comparison with it

  bool operator==(const MethodResult&) const = default;
};

// `name` is PEER/TEST: `scipy/ks_2samp:auto`, `evidently/psi`, `nannyml/jensen_shannon`. A statistic that the tool
// gives as NaN (the t of constants) is NaN here. Errors: E0107 for a name that does not exist, with the nearest that
// does; E0220 where the tool itself refuses these columns, with its reason; E0211 for a column of a kind that the
// method does not take. REQUIRES: both samples are of one kind.
Result<MethodResult> RunMethod(std::string_view name, const ColumnSample& reference, const ColumnSample& current);

// Whether the tool says from where on a number is a drift: without, nothing ever is.
bool NamesThreshold(std::string_view name);

// All names, in the order of their table.
std::vector<std::string> MethodNames();

}  // namespace retrain::drift
