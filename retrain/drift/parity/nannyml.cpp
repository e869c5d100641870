#include "retrain/drift/parity/nannyml.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <unordered_map>

#include <fmt/format.h>

#include "retrain/drift/parity/bins.h"
#include "retrain/drift/parity/columns.h"
#include "retrain/drift/parity/nannyml_numbers.h"
#include "retrain/stats/counts.h"
#include "retrain/stats/divergences.h"

namespace retrain::drift::parity {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();
constexpr double kLevel = 0.05;

struct Value {
  double statistic = kUndefined;
  std::optional<double> p_value = {};
};
// A method that was fitted on the reference, asked for some rows of either table.
using Fitted = std::function<Value(bool of_reference, std::size_t begin, std::size_t end)>;

double JensenShannonBits(std::span<const double> p, std::span<const double> q) {
  return stats::JensenShannonDistance(p, q, stats::LogBase::kBits);
}

// Both columns with one numbering of categories; -1 is null.
struct Coded {
  std::vector<std::int32_t> reference;
  std::vector<std::int32_t> current;
  std::size_t categories = 0;
};
Coded CodeTogether(const ColumnSample& reference, const ColumnSample& current) {
  std::unordered_map<std::string_view, std::int32_t> numbers;
  const auto code = [&numbers](const ColumnSample& sample) {
    std::vector<std::int32_t> of_level;
    for (const auto& level : sample.levels) {
      of_level.push_back(numbers.try_emplace(level, static_cast<std::int32_t>(numbers.size())).first->second);
    }
    std::vector<std::int32_t> codes;
    for (const std::int32_t level : sample.codes) codes.push_back(level < 0 ? -1 : of_level[level]);
    return codes;
  };
  Coded coded{code(reference), code(current)};
  coded.categories = numbers.size();
  return coded;
}

std::vector<std::int64_t> CountCodes(std::span<const std::int32_t> codes, std::size_t categories) {
  std::vector<std::int64_t> counts(categories, 0);
  for (const std::int32_t code : codes) {
    if (code >= 0) ++counts[code];
  }
  return counts;
}

Value OfCategories(std::string_view test, std::span<const std::int64_t> reference,
                   std::span<const std::int64_t> current) {
  if (std::all_of(current.begin(), current.end(), [](std::int64_t count) { return count == 0; })) return {};
  if (test == "chi2") {
    const auto result = stats::ChiSquare(reference, current).test;
    return {result.statistic, result.p_value};
  }
  const auto p = Shares(reference);
  const auto q = Shares(current);
  if (test == "l_infinity") return {stats::LargestDifference(p, q)};
  // categories that the reference does not have are pooled into one
  ReferenceBins bins;
  std::vector<double> of_current;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (p[i] == 0) continue;
    bins.shares.push_back(p[i]);
    of_current.push_back(q[i]);
  }
  return {bins.Distance(test == "hellinger" ? stats::HellingerDistance : JensenShannonBits, std::move(of_current))};
}

Result<Fitted> FitCategories(std::string_view test, const ColumnSample& reference, const ColumnSample& current) {
  auto coded = CodeTogether(reference, current);
  auto counts = CountCodes(coded.reference, coded.categories);
  if (std::accumulate(counts.begin(), counts.end(), std::int64_t{0}) == 0) {
    return Refused(fmt::format("nannyml/{}", test), "the reference has no value");
  }
  return Fitted([test, coded = std::move(coded), counts = std::move(counts)](bool of_reference, std::size_t begin,
                                                                             std::size_t end) {
    const auto& codes = of_reference ? coded.reference : coded.current;
    return OfCategories(test, counts, CountCodes(std::span(codes).subspan(begin, end - begin), coded.categories));
  });
}

Result<Fitted> FitNumbers(std::string_view test, const ColumnSample& reference, const ColumnSample& current) {
  const auto values = WithoutNulls(reference.numbers);
  if (values.empty()) return Refused(fmt::format("nannyml/{}", test), "the reference has no value");
  if (!std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); })) {
    return Refused(fmt::format("nannyml/{}", test), "the reference has an infinite value",
                   "leave the rows with it out of the reference");
  }
  NumberMethod method = test == "kolmogorov_smirnov" ? FitKolmogorovSmirnov(values)
                        : test == "wasserstein"      ? FitWasserstein(values)
                        : test == "hellinger"        ? FitBinned(values, stats::HellingerDistance)
                                                     : FitBinned(values, JensenShannonBits);
  return Fitted([method = std::move(method), &reference, &current](bool of_reference, std::size_t begin,
                                                                   std::size_t end) -> Value {
    const auto& numbers = of_reference ? reference.numbers : current.numbers;
    auto some = WithoutNulls(std::span(numbers).subspan(begin, end - begin));
    return some.empty() ? Value{} : Value{method(std::move(some))};
  });
}

std::vector<Value> OverChunks(const Fitted& fitted, bool of_reference, std::size_t rows) {
  constexpr std::size_t kChunks = 10;
  std::vector<Value> values;
  const std::size_t size = rows / kChunks;
  for (std::size_t begin = 0; begin < rows; begin += size) {
    values.push_back(fitted(of_reference, begin, std::min(begin + size, rows)));
  }
  return values;
}

double ThresholdOf(std::span<const Value> chunks, double limit) {
  std::vector<double> known;
  for (const auto& chunk : chunks) {
    if (!std::isnan(chunk.statistic)) known.push_back(chunk.statistic);
  }
  const double mean = std::accumulate(known.begin(), known.end(), 0.0) / static_cast<double>(known.size());
  return std::min(limit, mean + 3 * PopulationDeviation(known));
}

}  // namespace

Result<ChunkedDrift> RunNannyMl(std::string_view test, const ColumnSample& reference, const ColumnSample& current) {
  constexpr std::size_t kLeastRows = 10;
  const bool numeric = reference.kind == ColumnKind::kNumeric;
  const std::size_t rows = numeric ? reference.numbers.size() : reference.codes.size();
  const std::size_t current_rows = numeric ? current.numbers.size() : current.codes.size();
  if (std::min(rows, current_rows) < kLeastRows) {
    return Refused(
        fmt::format("nannyml/{}", test),
        fmt::format("it cuts each table into ten chunks, and these have {} and {} rows", rows, current_rows));
  }
  TRY(const auto fitted, numeric ? FitNumbers(test, reference, current) : FitCategories(test, reference, current));
  const auto of_reference = OverChunks(fitted, true, rows);
  const auto of_current = OverChunks(fitted, false, current_rows);
  const Value whole = fitted(false, 0, current_rows);

  ChunkedDrift drift{.whole = whole.statistic, .p_value = whole.p_value};
  if (test != "chi2") {
    drift.threshold =
        ThresholdOf(of_reference, test == "kolmogorov_smirnov" ? 1 : std::numeric_limits<double>::infinity());
  }
  const auto alarms = [&drift](const Value& value) {
    return drift.threshold ? value.statistic > *drift.threshold : value.p_value && *value.p_value < kLevel;
  };
  drift.alarm = alarms(whole);
  for (const auto& chunk : of_reference) {
    drift.reference_chunks.push_back(chunk.statistic);
    drift.reference_alarms.push_back(alarms(chunk));
  }
  for (const auto& chunk : of_current) {
    drift.current_chunks.push_back(chunk.statistic);
    drift.current_alarms.push_back(alarms(chunk));
  }
  return drift;
}

}  // namespace retrain::drift::parity
