#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/result.h"

namespace retrain::eval {

enum class Relation { kEqual, kUnequal, kLess, kAtMost, kGreater, kAtLeast };

std::string_view Symbol(Relation relation);  // "=", "!=", "<", "<=", ">", ">="

struct SliceCondition {
  std::string column;
  Relation relation = Relation::kEqual;
  std::string value;  // as it was written, without its quotes

  bool operator==(const SliceCondition&) const = default;
};

// How rows are cut into slices. One of three forms:
//   carrier                       each value of a column; of numbers with more than 12 values, its quarters
//   distance: 500, 1000           a column of numbers, cut at these
//   month >= 6 and carrier = UA   the rows that meet all conditions
struct SliceRule {
  std::string text;                        // as it was written
  std::string column = {};                 // of the first two forms
  std::vector<double> edges = {};          // of the second form, ascending
  std::vector<SliceCondition> conditions;  // of the third form

  std::vector<std::string> Columns() const;  // that it reads
  bool operator==(const SliceRule&) const = default;
};

// E0102 for a text that is none of them; it says what is wrong with it.
Result<SliceRule> ParseSliceRule(std::string_view text);

}  // namespace retrain::eval
