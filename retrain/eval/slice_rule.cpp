#include "retrain/eval/slice_rule.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace retrain::eval {
namespace {

constexpr std::string_view kBlanks = " \t";
constexpr std::string_view kAnd = " and ";
constexpr std::array<std::string_view, 6> kSymbols = {"=", "!=", "<", "<=", ">", ">="};

std::string_view Trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

std::string_view Unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

Error Wrong(std::string_view text, std::string_view why) {
  return Error{.code = "E0102",
               .message = fmt::format("`{}` is no slice: {}", text, why),
               .hint =
                   "write a column (`carrier`), a column and where it is cut (`distance: 500, 1000`), or conditions "
                   "(`month >= 6 and carrier = UA`)"};
}

std::optional<double> NumberOf(std::string_view text) {
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return {};
  return number;
}

Result<SliceCondition> ParseCondition(std::string_view text, std::string_view whole) {
  const auto at = text.find_first_of("=!<>");
  if (at == std::string_view::npos) return Wrong(whole, fmt::format("`{}` compares nothing", Trimmed(text)));
  const std::size_t length = at + 1 < text.size() && text[at + 1] == '=' ? 2 : 1;
  auto symbol = text.substr(at, length);
  if (symbol == "==") symbol = "=";
  const auto* found = std::find(kSymbols.begin(), kSymbols.end(), symbol);
  if (found == kSymbols.end()) return Wrong(whole, fmt::format("there is no relation `{}`", symbol));
  SliceCondition condition{.column = std::string(Trimmed(text.substr(0, at))),
                           .relation = static_cast<Relation>(found - kSymbols.begin()),
                           .value = std::string(Unquoted(Trimmed(text.substr(at + length))))};
  if (condition.column.empty()) return Wrong(whole, fmt::format("nothing stands before `{}`", symbol));
  if (condition.value.empty()) return Wrong(whole, fmt::format("nothing stands after `{}`", symbol));
  if (condition.relation > Relation::kUnequal && !NumberOf(condition.value))
    return Wrong(whole, fmt::format("`{}` orders numbers, and `{}` is none", symbol, condition.value));
  return condition;
}

Result<std::vector<double>> ParseEdges(std::string_view text, std::string_view whole) {
  std::vector<double> edges;
  while (true) {
    const auto comma = text.find(',');
    const auto word = Trimmed(text.substr(0, comma));
    const auto edge = NumberOf(word);
    if (!edge) return Wrong(whole, fmt::format("`{}` is no number to cut at", word));
    if (!edges.empty() && *edge <= edges.back()) return Wrong(whole, "the numbers to cut at must ascend");
    edges.push_back(*edge);
    if (comma == std::string_view::npos) return edges;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::string_view Symbol(Relation relation) { return kSymbols[static_cast<std::size_t>(relation)]; }

std::vector<std::string> SliceRule::Columns() const {
  if (!column.empty()) return {column};
  std::vector<std::string> columns;
  for (const auto& condition : conditions) columns.push_back(condition.column);
  return columns;
}

Result<SliceRule> ParseSliceRule(std::string_view text) {
  SliceRule rule{.text = std::string(Trimmed(text))};
  std::string_view rest = rule.text;
  if (rest.empty()) return Wrong(text, "it is empty");
  if (rest.find_first_of("=!<>") != std::string_view::npos) {
    while (true) {
      const auto end = rest.find(kAnd);
      TRY(auto condition, ParseCondition(rest.substr(0, end), rule.text));
      rule.conditions.push_back(std::move(condition));
      if (end == std::string_view::npos) return rule;
      rest.remove_prefix(end + kAnd.size());
    }
  }
  const auto colon = rest.find(':');
  rule.column = Trimmed(rest.substr(0, colon));
  if (rule.column.empty()) return Wrong(text, "no column stands before `:`");
  if (colon != std::string_view::npos) {
    TRY(rule.edges, ParseEdges(rest.substr(colon + 1), rule.text));
  }
  return rule;
}

}  // namespace retrain::eval
