#include "retrain/drift/method.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/drift/parity/columns.h"
#include "retrain/drift/parity/nannyml.h"

namespace retrain::drift {
namespace {

using parity::Method;

struct NannyMlTest {
  std::string_view name;
  ColumnKind kind = ColumnKind::kNumeric;
};
constexpr std::array kNannyMl = {
    NannyMlTest{"kolmogorov_smirnov", ColumnKind::kNumeric}, NannyMlTest{"jensen_shannon", ColumnKind::kNumeric},
    NannyMlTest{"wasserstein", ColumnKind::kNumeric},        NannyMlTest{"hellinger", ColumnKind::kNumeric},
    NannyMlTest{"chi2", ColumnKind::kCategorical},           NannyMlTest{"jensen_shannon", ColumnKind::kCategorical},
    NannyMlTest{"l_infinity", ColumnKind::kCategorical},     NannyMlTest{"hellinger", ColumnKind::kCategorical}};

constexpr std::string_view kScipy = "scipy";
constexpr std::string_view kEvidently = "evidently";
constexpr std::string_view kNanny = "nannyml";
constexpr std::string_view kDefault = "evidently/default";

Error WrongKind(std::string_view name, ColumnKind kind) {
  return {.code = "E0211",
          .message = fmt::format("`{}` does not take a {} column", name, Name(kind)),
          .hint = kind == ColumnKind::kNumeric ? "name the column in `categorical`, or choose another method"
                                               : "choose a method for categories"};
}

Error Unknown(std::string_view name) {
  const auto names = MethodNames();
  const auto near = NearName(name, names);
  return {
      .code = "E0107",
      .message = fmt::format("there is no drift method `{}`", name),
      .hint = near.empty() ? fmt::format("write one of {}", ListNames(names, 60)) : fmt::format("write `{}`", near)};
}

// The row of a peer's table with that name and kind, or why there is none.
template <class Row>
Result<const Row*> FindRow(std::span<const Row> rows, std::string_view test, ColumnKind kind, std::string_view name) {
  bool of_other_kind = false;
  for (const Row& row : rows) {
    if (row.name != test) continue;
    if (row.kind == kind) return &row;
    of_other_kind = true;
  }
  if (of_other_kind) return WrongKind(name, kind);
  return Unknown(name);
}

Result<MethodResult> RunRow(std::string_view peer, std::span<const Method> rows, std::string_view test,
                            const ColumnSample& reference, const ColumnSample& current) {
  TRY(const Method* row, FindRow(rows, test, reference.kind, fmt::format("{}/{}", peer, test)));
  TRY(const auto number, row->compute(reference, current));
  return parity::Judge(peer, *row, number);
}

Result<MethodResult> RunDefault(std::string_view name, const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto chosen, parity::EvidentlyDefault(reference, current));
  const auto wanted = name.substr(kDefault.size());  // empty or ":ks"
  if (!wanted.empty() && wanted.substr(1) != chosen) {
    return parity::Refused(name, fmt::format("for this column Evidently picks `{}`", chosen),
                           fmt::format("write `{}`", kDefault));
  }
  return RunRow(kEvidently, parity::EvidentlyMethods(), chosen, reference, current);
}

Result<MethodResult> RunNanny(std::string_view test, const ColumnSample& reference, const ColumnSample& current) {
  const auto name = fmt::format("{}/{}", kNanny, test);
  TRY(const NannyMlTest* row, FindRow(std::span<const NannyMlTest>(kNannyMl), test, reference.kind, name));
  TRY(const auto drift, parity::RunNannyMl(row->name, reference, current));
  constexpr double kLevel = 0.05;
  return MethodResult{.method = name,
                      .statistic = drift.whole,
                      .p_value = drift.p_value,
                      .threshold = drift.threshold.value_or(kLevel),
                      .drifted = drift.alarm};
}

}  // namespace

Result<MethodResult> RunMethod(std::string_view name, const ColumnSample& reference, const ColumnSample& current) {
  RETRAIN_ALWAYS(reference.kind == current.kind);
  const std::size_t slash = name.find('/');
  const auto peer = name.substr(0, slash);
  const auto test = slash == std::string_view::npos ? std::string_view() : name.substr(slash + 1);
  if (name == kDefault || name.starts_with("evidently/default:")) return RunDefault(name, reference, current);
  if (peer == kScipy) return RunRow(peer, parity::ScipyMethods(), test, reference, current);
  if (peer == kEvidently) return RunRow(peer, parity::EvidentlyMethods(), test, reference, current);
  if (peer == kNanny) return RunNanny(test, reference, current);
  return Unknown(name);
}

bool NamesThreshold(std::string_view name) {
  const std::size_t slash = name.find('/');
  const auto rows = name.substr(0, slash) == kScipy ? parity::ScipyMethods() : parity::EvidentlyMethods();
  const auto is_mute = [&](const Method& row) {
    return row.rule == parity::Rule::kNone && slash != std::string_view::npos && name.substr(slash + 1) == row.name;
  };
  return std::ranges::none_of(rows, is_mute);
}

std::vector<std::string> MethodNames() {
  std::vector<std::string> names;
  const auto add = [&names](std::string_view peer, std::string_view test) {
    auto name = fmt::format("{}/{}", peer, test);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  };
  for (const auto& row : parity::ScipyMethods()) add(kScipy, row.name);
  names.emplace_back(kDefault);
  for (const auto& row : parity::EvidentlyMethods()) add(kEvidently, row.name);
  for (const auto& row : kNannyMl) add(kNanny, row.name);
  return names;
}

}  // namespace retrain::drift
