#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/report/drift_report.h"

namespace retrain::report {
namespace {

std::string_view Mark(drift::Outcome outcome) {
  switch (outcome) {
    case drift::Outcome::kDrifted: return "✗";
    case drift::Outcome::kStable: return "✓";
    case drift::Outcome::kUndecided: return "?";
    case drift::Outcome::kFailed: return "!";
  }
  return "";
}

std::string Number(double value) { return std::isinf(value) ? "∞" : fmt::format("{:.4f}", value); }

std::string Measure(const drift::ColumnDrift& column) {
  if (column.effect)
    return fmt::format("{:>8} {:<19}", Number(column.effect->value),
                       fmt::format("[{}, {}]", Number(column.effect->lower), Number(column.effect->upper)));
  if (column.statistic) return fmt::format("{:>8.4g} {:<19}", *column.statistic, "");
  return fmt::format("{:>8} {:<19}", "-", "");
}

std::string Line(const drift::ColumnDrift& column, std::size_t width) {
  const std::string importance =
      column.importance ? fmt::format("importance {:.3g} %; ", 100 * *column.importance) : "";
  return fmt::format("{} {:<{}}  {:<9} {} {}{}\n", Mark(column.outcome), column.name, width, Name(column.outcome),
                     Measure(column), importance, column.reason);
}

std::string StatisticLine(const drift::ColumnDrift& column) {
  std::string text;
  for (const auto& statistic : column.statistics)
    text += fmt::format("{}{} {:.4g}", text.empty() ? "" : ", ", statistic.name, statistic.value);
  return "      " + text + "\n";
}

}  // namespace

std::string WhatWasCompared(const drift::DriftReport& report) {
  const bool by_name = report.method.find('/') != std::string::npos;
  return fmt::format("{} rows against {} of the reference, method {}{}", Grouped(report.rows_current),
                     Grouped(report.rows_reference), report.method,
                     by_name ? " with its own threshold" : fmt::format(", threshold {}", report.threshold));
}

std::string ToText(const drift::DriftReport& report, std::size_t most_columns) {
  std::string text = fmt::format("{}\n{}\n\n", report.sentence, WhatWasCompared(report));
  if (report.joint)
    text += fmt::format("looked at {} rows of the reference and {} of the current table\n",
                        Grouped(report.joint->n_reference), Grouped(report.joint->n_current));
  std::size_t width = 6;
  for (const auto& column : report.columns) width = std::max(width, std::min<std::size_t>(column.name.size(), 28));
  if (!report.columns.empty())
    text += fmt::format("  {:<{}}  {:<9} {:>8} {:<19} {}\n", "column", width, "outcome",
                        report.columns.front().effect ? "PSI" : "value", "bounds", "why");
  std::size_t stable = 0;
  std::size_t lines = 0;
  for (const auto& column : report.columns) {
    if (lines >= most_columns && column.outcome == drift::Outcome::kStable) {
      ++stable;
      continue;
    }
    text += Line(column, width);
    if (!column.statistics.empty()) text += StatisticLine(column);
    ++lines;
  }
  if (stable > 0) text += fmt::format("… and {} more that are stable\n", Grouped(static_cast<std::int64_t>(stable)));
  for (const auto& column : report.left_out) text += fmt::format("left out: `{}`, {}\n", column.name, column.reason);
  return text;
}

}  // namespace retrain::report
