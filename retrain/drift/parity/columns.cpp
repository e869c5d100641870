#include "retrain/drift/parity/columns.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include <fmt/format.h>

#include "retrain/stats/sort_values.h"

namespace retrain::drift::parity {
namespace {

CategoryTable CountText(const ColumnSample& reference, const ColumnSample& current) {
  std::map<std::string_view, std::pair<std::int64_t, std::int64_t>> counts;
  const auto add = [&counts](const ColumnSample& sample, std::int64_t std::pair<std::int64_t, std::int64_t>::* side) {
    std::vector<std::int64_t> of_level(sample.levels.size(), 0);
    for (const std::int32_t code : sample.codes) {
      if (code >= 0) ++of_level[code];
    }
    for (std::size_t level = 0; level < of_level.size(); ++level) {
      if (of_level[level] > 0) counts[sample.levels[level]].*side += of_level[level];
    }
  };
  add(reference, &std::pair<std::int64_t, std::int64_t>::first);
  add(current, &std::pair<std::int64_t, std::int64_t>::second);
  CategoryTable table;
  for (const auto& [category, count] : counts) {
    table.categories.emplace_back(category);
    table.reference.push_back(count.first);
    table.current.push_back(count.second);
  }
  return table;
}

CategoryTable CountNumbers(std::vector<double> reference, std::vector<double> current) {
  stats::SortValues(reference);
  stats::SortValues(current);
  CategoryTable table;
  for (std::size_t i = 0, j = 0; i < reference.size() || j < current.size();) {
    const double value = i == reference.size() ? current[j]
                         : j == current.size() ? reference[i]
                                               : std::min(reference[i], current[j]);
    const std::size_t first = i;
    const std::size_t second = j;
    while (i < reference.size() && reference[i] == value) ++i;
    while (j < current.size() && current[j] == value) ++j;
    table.categories.push_back(fmt::format("{}", value));
    table.reference.push_back(static_cast<std::int64_t>(i - first));
    table.current.push_back(static_cast<std::int64_t>(j - second));
  }
  return table;
}

}  // namespace

CategoryTable Count(const ColumnSample& reference, const ColumnSample& current) {
  CategoryTable table = reference.kind == ColumnKind::kNumeric
                            ? CountNumbers(WithoutNulls(reference.numbers), WithoutNulls(current.numbers))
                            : CountText(reference, current);
  for (const auto rows : table.reference) table.reference_rows += rows;
  for (const auto rows : table.current) table.current_rows += rows;
  return table;
}

std::vector<double> Shares(std::span<const std::int64_t> counts) {
  double total = 0;
  for (const auto count : counts) total += static_cast<double>(count);
  RETRAIN_ALWAYS(total > 0);
  std::vector<double> shares;
  shares.reserve(counts.size());
  for (const auto count : counts) shares.push_back(static_cast<double>(count) / total);
  return shares;
}

std::vector<double> WithoutNulls(std::span<const double> values) {
  std::vector<double> kept;
  kept.reserve(values.size());
  std::copy_if(values.begin(), values.end(), std::back_inserter(kept), [](double value) { return !std::isnan(value); });
  return kept;
}

std::vector<double> FiniteOnly(std::span<const double> values) { return stats::Separate(values).finite; }

Error Refused(std::string_view method, std::string reason, std::string hint) {
  return {
      .code = "E0220", .message = fmt::format("`{}` is not defined here: {}", method, reason), .hint = std::move(hint)};
}

MethodResult Judge(std::string_view peer, const Method& method, const Number& number) {
  const double judged = number.p_value && method.rule != Rule::kAbove && method.rule != Rule::kAtLeast
                            ? *number.p_value
                            : number.statistic;
  MethodResult result{.method = fmt::format("{}/{}", peer, method.name),
                      .statistic = number.statistic,
                      .p_value = number.p_value,
                      .threshold = method.threshold};
  switch (method.rule) {
    case Rule::kBelow: result.drifted = judged < method.threshold; break;
    case Rule::kAtMost: result.drifted = judged <= method.threshold; break;
    case Rule::kAbove: result.drifted = judged > method.threshold; break;
    case Rule::kAtLeast: result.drifted = judged >= method.threshold; break;
    case Rule::kNone: result.threshold = std::numeric_limits<double>::quiet_NaN(); break;
  }
  return result;
}

}  // namespace retrain::drift::parity
