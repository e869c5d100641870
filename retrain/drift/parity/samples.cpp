#include "retrain/drift/parity/samples.h"

#include "retrain/stats/mean_tests.h"

namespace retrain::drift::parity {

Result<Samples> Finite(const ColumnSample& reference, const ColumnSample& current, std::string_view method,
                       std::size_t least) {
  Samples samples{FiniteOnly(reference.numbers), FiniteOnly(current.numbers)};
  if (std::min(samples.reference.size(), samples.current.size()) < least) {
    return Refused(method, least == 1 ? "a sample without values" : "a sample of too few values");
  }
  samples.integers = reference.integers && current.integers && samples.reference.size() == reference.numbers.size() &&
                     samples.current.size() == current.numbers.size();
  return samples;
}

Result<CategoryTable> Table(const ColumnSample& reference, const ColumnSample& current, std::string_view method) {
  CategoryTable table;
  if (reference.kind == ColumnKind::kNumeric) {
    table = Count({.numbers = FiniteOnly(reference.numbers)}, {.numbers = FiniteOnly(current.numbers)});
  } else {
    table = Count(reference, current);
  }
  if (table.reference_rows == 0 || table.current_rows == 0) return Refused(method, "a sample without values");
  return table;
}

Result<stats::TestResult> EppsSingletonOf(const ColumnSample& reference, const ColumnSample& current,
                                          std::string_view method) {
  constexpr std::size_t kLeast = 5;
  TRY(const auto samples, Finite(reference, current, method, kLeast));
  std::vector<double> both = samples.reference;
  both.insert(both.end(), samples.current.begin(), samples.current.end());
  stats::SortValues(both);
  if (stats::SortedQuantile(both, 0.25) == stats::SortedQuantile(both, 0.75)) {
    return Refused(method, "the interquartile range of both samples together is 0");
  }
  return stats::EppsSingleton(samples.reference, samples.current).test;
}

}  // namespace retrain::drift::parity
