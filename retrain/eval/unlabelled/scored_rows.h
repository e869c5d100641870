#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "retrain/base/result.h"

namespace retrain::eval {

// What a classifier said of some rows. With two classes `scores` has one number a row, the score of class 1; with more,
// one of each class, row by row.
struct ScoredRows {
  std::int64_t classes = 2;
  std::vector<double> scores = {};
  std::vector<std::int32_t> predicted = {};  // class of each row

  std::size_t rows() const { return predicted.size(); }
  std::size_t columns() const { return classes == 2 ? 1 : static_cast<std::size_t>(classes); }
  std::vector<double> Column(std::size_t column) const;
  ScoredRows Slice(std::size_t begin, std::size_t end) const;
};

// E0308 names the row of a score outside 0 … 1, or that is none. E0214 without rows.
Status Check(const ScoredRows& rows, std::string_view what);

// Averages over the classes, each against the rest, with more than two.
enum class UnlabelledMetric { kAccuracy, kPrecision, kRecall, kSpecificity, kF1, kRocAuc };
inline constexpr UnlabelledMetric kUnlabelledMetrics[] = {UnlabelledMetric::kAccuracy, UnlabelledMetric::kPrecision,
                                                          UnlabelledMetric::kRecall,   UnlabelledMetric::kSpecificity,
                                                          UnlabelledMetric::kF1,       UnlabelledMetric::kRocAuc};
std::string_view Name(UnlabelledMetric metric);  // "accuracy", …, "roc_auc"

// One class against the rest: what was said, and the truth or its chance.
struct OneAgainstRest {
  std::vector<double> score;
  std::vector<double> chance;             // of being of the class; 0 or 1 where it is known
  std::vector<std::uint8_t> said;         // predicted to be of the class
  std::vector<std::uint32_t> descending;  // rows by falling score
};

// The expected metric of rows whose labels are only known by their chances: NannyML's confidence-based estimate. 0
// where a denominator is. With chances of 0 and 1 it is the metric itself, but for ties of the scores.
double ExpectedMetric(UnlabelledMetric metric, const OneAgainstRest& rows);

// Rows by falling score.
std::vector<std::uint32_t> Descending(std::span<const double> scores);

}  // namespace retrain::eval
