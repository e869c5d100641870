#pragma once

#include <span>
#include <string>
#include <vector>

#include "retrain/drift/method.h"

// Within this room: a column as the methods of other tools look at it.
namespace retrain::drift::parity {

// How often each category occurs in both samples: those that occur at all, in ascending order of their text.
struct CategoryTable {
  std::vector<std::string> categories;
  std::vector<std::int64_t> reference;
  std::vector<std::int64_t> current;
  std::int64_t reference_rows = 0;
  std::int64_t current_rows = 0;
};

// Nulls left out. A numeric column gives a category for each different value, in ascending order of the values.
CategoryTable Count(const ColumnSample& reference, const ColumnSample& current);

// Counts as shares of their sum. REQUIRES: the sum is above 0.
std::vector<double> Shares(std::span<const std::int64_t> counts);

std::vector<double> WithoutNulls(std::span<const double> values);
std::vector<double> FiniteOnly(std::span<const double> values);

// What a tool says when it refuses these columns. E0220.
Error Refused(std::string_view method, std::string reason, std::string hint = {});

// One method: what its table says of it, and how it is computed.
enum class Rule { kBelow, kAtMost, kAbove, kAtLeast, kNone };  // drifted when the number lies so to the threshold

struct Number {
  double statistic = 0;
  std::optional<double> p_value = {};
};
using Compute = Result<Number> (*)(const ColumnSample& reference, const ColumnSample& current);

struct Method {
  std::string_view name;  // within its tool: "ks_2samp:auto"
  ColumnKind kind = ColumnKind::kNumeric;
  double threshold = 0.05;
  Rule rule = Rule::kBelow;
  Compute compute = nullptr;
};

MethodResult Judge(std::string_view peer, const Method& method, const Number& number);

std::span<const Method> ScipyMethods();
std::span<const Method> EvidentlyMethods();

// Which of its tests Evidently picks by itself, by the rows of the reference and the number of different values.
Result<std::string_view> EvidentlyDefault(const ColumnSample& reference, const ColumnSample& current);

}  // namespace retrain::drift::parity
