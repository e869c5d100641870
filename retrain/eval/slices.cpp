#include "retrain/eval/slices.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "retrain/stats/mean_tests.h"
#include "retrain/stats/sort_values.h"

namespace retrain::eval {
namespace {

constexpr std::size_t kFewNumbers = 12;  // so many different numbers are values, more are quarters
constexpr std::size_t kMostValues = 50;
constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

std::vector<double> FiniteSorted(const std::vector<double>& numbers) {
  auto sorted = stats::Separate(numbers).finite;
  stats::SortValues(sorted);
  return sorted;
}

double NumberOf(std::string_view text) {
  double number = kNull;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

bool Holds(Relation relation, double value, double with) {
  switch (relation) {
    case Relation::kEqual: return value == with;
    case Relation::kUnequal: return value != with && !std::isnan(value);
    case Relation::kLess: return value < with;
    case Relation::kAtMost: return value <= with;
    case Relation::kGreater: return value > with;
    case Relation::kAtLeast: return value >= with;
  }
  return false;
}

void Add(std::vector<RowGroup>& groups, RowGroup group) {
  if (!group.rows.empty()) groups.push_back(std::move(group));
}

bool AsksForNumbers(const SliceRule& rule, const std::string& column) {
  const auto orders = [&](const SliceCondition& condition) {
    return condition.column == column && condition.relation > Relation::kUnequal;
  };
  return (rule.column == column && !rule.edges.empty()) || std::ranges::any_of(rule.conditions, orders);
}

}  // namespace

SliceColumns::SliceColumns(std::vector<SliceRule> rules) : rules_(std::move(rules)) {
  for (const auto& rule : rules_) {
    for (const auto& column : rule.Columns()) columns_[column];
  }
}

Status SliceColumns::Append(const data::Frame& frame, const Place& where) {
  for (auto& [name, values] : columns_) {
    const auto* column = frame.Find(name);
    if (column == nullptr) return data::MissingColumn(frame.schema(), name, where.file, "validation_config.slices");
    values.is_text = column->type == data::ColumnType::kText;
    for (const auto& rule : rules_) {
      if (!values.is_text || !AsksForNumbers(rule, name)) continue;
      return Error{.code = "E0211",
                   .message = fmt::format("the slice `{}` orders column `{}`, which is text", rule.text, name),
                   .where = {.file = where.file, .key = "validation_config.slices"},
                   .hint = "compare it by = or !=, or name the column alone for a slice a value"};
    }
    if (!values.is_text) {
      values.numbers.insert(values.numbers.end(), column->numbers.begin(), column->numbers.end());
      continue;
    }
    std::vector<double> codes;  // of the frame's levels
    for (const auto level : column->levels) {
      const auto [code, is_new] =
          values.codes.try_emplace(std::string(level), static_cast<double>(values.levels.size()));
      if (is_new) values.levels.emplace_back(level);
      codes.push_back(code->second);
    }
    for (const auto code : column->codes)
      values.numbers.push_back(code < 0 ? kNull : codes[static_cast<std::size_t>(code)]);
  }
  return Ok();
}

std::vector<RowGroup> SliceColumns::Cut() const {
  std::vector<RowGroup> groups;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const auto& rule = rules_[i];
    const std::size_t before = groups.size();
    if (!rule.conditions.empty()) {
      CutByConditions(rule, groups);
    } else if (!rule.edges.empty()) {
      CutAt(rule.column, rule.edges, groups);
    } else {
      CutByValue(rule, groups);
    }
    for (auto group = groups.begin() + static_cast<std::ptrdiff_t>(before); group != groups.end(); ++group)
      group->rule = i;
  }
  return groups;
}

void SliceColumns::CutByValue(const SliceRule& rule, std::vector<RowGroup>& groups) const {
  const auto& values = columns_.at(rule.column);
  std::map<double, RowGroup> by_value;
  RowGroup nulls{.name = rule.column + " is null"};
  if (!values.is_text) {
    const auto sorted = FiniteSorted(values.numbers);
    if (std::set<double>(sorted.begin(), sorted.end()).size() > kFewNumbers) {
      std::set<double> quarters;
      for (const double share : {0.25, 0.5, 0.75}) quarters.insert(stats::SortedQuantile(sorted, share));
      return CutAt(rule.column, {quarters.begin(), quarters.end()}, groups);
    }
  }
  for (std::size_t row = 0; row < values.numbers.size(); ++row) {
    const double value = values.numbers[row];
    (std::isnan(value) ? nulls : by_value[value]).rows.push_back(row);
  }
  std::vector<RowGroup> found;
  for (auto& [value, group] : by_value) {
    group.name = values.is_text ? fmt::format("{} = {}", rule.column, values.levels[static_cast<std::size_t>(value)])
                                : fmt::format("{} = {:g}", rule.column, value);
    found.push_back(std::move(group));
  }
  const auto rows = [](const RowGroup& group) { return group.rows.size(); };
  std::ranges::sort(found, {}, &RowGroup::name);
  std::ranges::stable_sort(found, std::greater<>(), rows);
  RowGroup rare{.name = fmt::format("{} = one of the {} rarest", rule.column,
                                    found.size() - std::min(found.size(), kMostValues))};
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i < kMostValues) {
      Add(groups, std::move(found[i]));
    } else {
      rare.rows.insert(rare.rows.end(), found[i].rows.begin(), found[i].rows.end());
    }
  }
  std::ranges::sort(rare.rows);
  Add(groups, std::move(rare));
  Add(groups, std::move(nulls));
}

void SliceColumns::CutAt(const std::string& column, const std::vector<double>& edges,
                         std::vector<RowGroup>& groups) const {
  std::vector<RowGroup> bins(edges.size() + 1);
  for (std::size_t bin = 0; bin < bins.size(); ++bin) {
    const std::string above = bin == 0 ? "" : fmt::format("{:g} <= ", edges[bin - 1]);
    const std::string below = bin == edges.size() ? "" : fmt::format(" < {:g}", edges[bin]);
    bins[bin].name = above + column + below;
  }
  const auto& numbers = columns_.at(column).numbers;
  for (std::size_t row = 0; row < numbers.size(); ++row) {
    if (std::isnan(numbers[row])) continue;
    const auto bin = std::upper_bound(edges.begin(), edges.end(), numbers[row]) - edges.begin();
    bins[static_cast<std::size_t>(bin)].rows.push_back(row);
  }
  for (auto& bin : bins) Add(groups, std::move(bin));
}

void SliceColumns::CutByConditions(const SliceRule& rule, std::vector<RowGroup>& groups) const {
  RowGroup group{.name = rule.text};
  std::vector<std::pair<const Values*, double>> compared;
  for (const auto& condition : rule.conditions) {
    const auto& values = columns_.at(condition.column);
    const auto code = values.codes.find(condition.value);
    const double text = code == values.codes.end() ? -1 : code->second;  // -1: a text that no row has
    compared.emplace_back(&values, values.is_text ? text : NumberOf(condition.value));
  }
  const std::size_t rows = compared.front().first->numbers.size();
  for (std::size_t row = 0; row < rows; ++row) {
    bool holds = true;
    for (std::size_t i = 0; i < compared.size() && holds; ++i)
      holds = Holds(rule.conditions[i].relation, compared[i].first->numbers[row], compared[i].second);
    if (holds) group.rows.push_back(row);
  }
  Add(groups, std::move(group));
}

Truth TakeRows(const Truth& truth, const std::vector<std::size_t>& rows) {
  Truth taken{.labels = truth.labels};
  for (const auto row : rows) {
    taken.values.push_back(truth.values[row]);
    if (!truth.weights.empty()) taken.weights.push_back(truth.weights[row]);
  }
  return taken;
}

std::vector<double> TakeRows(const Scores& scores, const std::vector<std::size_t>& rows) {
  std::vector<double> taken;
  const auto outputs = static_cast<std::size_t>(scores.outputs);
  taken.reserve(rows.size() * outputs);
  for (const auto row : rows) {
    for (std::size_t output = 0; output < outputs; ++output) taken.push_back(scores.values[row * outputs + output]);
  }
  return taken;
}

}  // namespace retrain::eval
