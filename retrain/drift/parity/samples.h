#pragma once

#include <algorithm>
#include <utility>

#include "retrain/drift/parity/columns.h"
#include "retrain/stats/merged.h"
#include "retrain/stats/sort_values.h"
#include "retrain/stats/test_result.h"

// Within this room: columns as scipy and Evidently are given them, without nulls and infinite values.
namespace retrain::drift::parity {

struct Samples {
  std::vector<double> reference;
  std::vector<double> current;
  bool integers = false;  // both arrays are of an integer type: no null made them floats
};

// E0220 when either has fewer than `least` values.
Result<Samples> Finite(const ColumnSample& reference, const ColumnSample& current, std::string_view method,
                       std::size_t least = 1);

// Count() of the finite values. E0220 when either sample has none.
Result<CategoryTable> Table(const ColumnSample& reference, const ColumnSample& current, std::string_view method);

// E0220 for fewer than five values, and for an interquartile range of 0.
Result<stats::TestResult> EppsSingletonOf(const ColumnSample& reference, const ColumnSample& current,
                                          std::string_view method);

// What `statistic` makes of the walk over both sorted samples.
template <class Statistic>
Result<Number> OfRanks(const ColumnSample& reference, const ColumnSample& current, std::string_view method,
                       std::size_t least, Statistic statistic) {
  TRY(auto samples, Finite(reference, current, method, least));
  stats::SortValues(samples.reference);
  stats::SortValues(samples.current);
  return statistic(stats::Merge(samples.reference, samples.current));
}

}  // namespace retrain::drift::parity
