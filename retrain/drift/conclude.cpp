#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/drift/compare.h"
#include "retrain/stats/false_discovery.h"

namespace retrain::drift {
namespace {

constexpr std::size_t kNamedColumns = 5;

bool HasFailed(const ColumnDrift& column) { return column.outcome == Outcome::kFailed; }

void AdjustPValues(std::vector<ColumnDrift>& columns) {
  std::vector<double> p_values;
  std::vector<std::optional<double>*> adjusted_to;
  for (ColumnDrift& column : columns) {
    if (HasFailed(column)) continue;
    for (const auto& [p, adjusted] : {std::pair(&column.p_value, &column.adjusted_p_value),
                                      std::pair(&column.nulls.p_value, &column.nulls.adjusted_p_value)}) {
      if (!*p) continue;
      p_values.push_back(**p);
      adjusted_to.push_back(adjusted);
    }
  }
  const auto adjusted = stats::BenjaminiHochberg(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) *adjusted_to[i] = adjusted[i];
}

Outcome OutcomeOf(const Effect& effect, const std::optional<double>& adjusted, const CompareOptions& options) {
  if (adjusted && *adjusted <= options.false_discovery_rate) return Outcome::kDrifted;
  return effect.upper <= options.threshold && options.threshold > 0 ? Outcome::kStable : Outcome::kUndecided;
}

std::string Share(double share) { return fmt::format("{:.3g} %", 100 * share); }

std::string NullSentence(const NullChange& nulls) {
  return fmt::format("nulls went from {} to {} of the rows", Share(nulls.reference_share), Share(nulls.current_share));
}

std::string RowsSentence(const ColumnDrift& column) {
  if (column.rows_to_decide && *column.rows_to_decide > column.n_current)
    return fmt::format("about {} rows with a value would tell", Grouped(*column.rows_to_decide));
  if (column.effect && std::isfinite(column.effect->upper) && column.threshold > 0.0)
    return "only a larger reference would tell";
  return "more rows would tell";
}

std::string UndecidedSentence(const ColumnDrift& column, const CompareOptions& options) {
  if (column.n_current == 0 && column.nulls.current_share == 0) return "the current table has no rows";
  if (!column.effect) return NullSentence(column.nulls) + ", too few rows to tell what that means";
  const Effect& effect = *column.effect;
  if (std::isinf(effect.upper)) {
    if (column.kind == ColumnKind::kCategorical) return "no category occurs often enough to be compared";
    return fmt::format("too few rows: {} against {}; {}", Grouped(column.n_reference), Grouped(column.n_current),
                       RowsSentence(column));
  }
  if (options.threshold == 0)
    return fmt::format("no difference was found; a PSI of up to {:.3g} cannot be excluded", effect.upper);
  if (effect.lower > options.threshold)
    return fmt::format("PSI {:.3g}, at least {:.3g}, but not beyond chance among so many columns; {}", effect.value,
                       effect.lower, RowsSentence(column));
  if (effect.upper <= options.threshold) return NullSentence(column.nulls) + ", too few rows to tell what that means";
  return fmt::format("PSI {:.3g}, somewhere from {:.3g} to {:.3g}; {}", effect.value, effect.lower, effect.upper,
                     RowsSentence(column));
}

std::string ReasonOf(const ColumnDrift& column, Outcome of_values, const CompareOptions& options) {
  switch (column.outcome) {
    case Outcome::kDrifted: {
      std::string reason;
      if (of_values == Outcome::kDrifted) {
        const Effect& effect = *column.effect;
        reason = fmt::format("PSI {:.3g}, at least {:.3g}: more than {}", effect.value,
                             std::max(effect.lower, options.threshold), options.threshold);
      }
      if (column.nulls.drifted) reason += (reason.empty() ? "" : "; ") + NullSentence(column.nulls);
      return reason;
    }
    case Outcome::kStable:
      if (!column.effect) return "no values, in the reference as now";
      return fmt::format("PSI {:.3g}, at most {:.3g}: no more than {}", column.effect->value, column.effect->upper,
                         options.threshold);
    case Outcome::kUndecided: return UndecidedSentence(column, options);
    case Outcome::kFailed: break;
  }
  return column.reason;
}

void Decide(ColumnDrift& column, const CompareOptions& options) {
  const bool has_values = column.effect.has_value();
  const bool has_nulls = column.nulls.effect.has_value();
  const Outcome of_values = has_values  ? OutcomeOf(*column.effect, column.adjusted_p_value, options)
                            : has_nulls ? Outcome::kStable
                                        : Outcome::kUndecided;
  const Outcome of_nulls =
      has_nulls ? OutcomeOf(*column.nulls.effect, column.nulls.adjusted_p_value, options) : Outcome::kStable;
  column.nulls.drifted = of_nulls == Outcome::kDrifted;
  const auto either = [&](Outcome outcome) { return of_values == outcome || of_nulls == outcome; };
  column.outcome = either(Outcome::kDrifted)     ? Outcome::kDrifted
                   : either(Outcome::kUndecided) ? Outcome::kUndecided
                                                 : Outcome::kStable;
  if (column.outcome != Outcome::kUndecided) column.rows_to_decide.reset();
  column.reason = ReasonOf(column, of_values, options);
}

}  // namespace

double LargestEffect(const ColumnDrift& column) {
  return std::max(column.effect ? column.effect->value : 0, column.nulls.effect ? column.nulls.effect->value : 0);
}

void Rank(DriftReport& report) {
  const auto place = [](const ColumnDrift& column) {
    switch (column.outcome) {
      case Outcome::kDrifted: return 0;
      case Outcome::kFailed: return 1;
      case Outcome::kUndecided: return 2;
      case Outcome::kStable: break;
    }
    return 3;
  };
  std::ranges::stable_sort(report.columns, [&](const ColumnDrift& a, const ColumnDrift& b) {
    if (place(a) != place(b)) return place(a) < place(b);
    const bool is_input = a.importance.has_value();
    if (is_input != b.importance.has_value()) return is_input;  // predictions after what they are made from
    const double harm_a = LargestEffect(a) * a.importance.value_or(1);
    const double harm_b = LargestEffect(b) * b.importance.value_or(1);
    return harm_a != harm_b ? harm_a > harm_b : LargestEffect(a) > LargestEffect(b);
  });
}

void Summarize(DriftReport& report) {
  std::size_t count[4] = {};
  for (const ColumnDrift& column : report.columns) ++count[static_cast<int>(column.outcome)];
  const auto of = [&](Outcome outcome) { return count[static_cast<int>(outcome)]; };
  const std::size_t drifted = of(Outcome::kDrifted);
  const std::size_t compared = report.columns.size() - of(Outcome::kFailed);
  report.drifted = drifted > 0 || (report.joint && report.joint->outcome == Outcome::kDrifted);
  report.drifted_share = compared > 0 ? static_cast<double>(drifted) / static_cast<double>(compared) : 0;
  if (report.joint) {
    report.sentence = fmt::format("all columns together: {}, {}", Name(report.joint->outcome), report.joint->reason);
  } else if (drifted == 0) {
    report.sentence = fmt::format("none of {} drifted", Counted(static_cast<std::int64_t>(compared), "column"));
  } else {
    std::vector<std::string> names;
    for (const ColumnDrift& column : report.columns) {
      if (column.outcome == Outcome::kDrifted) names.push_back(column.name);
    }
    report.sentence =
        fmt::format("{} of {} drifted: {}", drifted, Counted(static_cast<std::int64_t>(compared), "column"),
                    ListNames(names, kNamedColumns));
  }
  if (of(Outcome::kUndecided) > 0) report.sentence += fmt::format("; {} undecided", of(Outcome::kUndecided));
  if (of(Outcome::kFailed) > 0) report.sentence += fmt::format("; {} could not be compared", of(Outcome::kFailed));
}

void Conclude(DriftReport& report, const CompareOptions& options) {
  AdjustPValues(report.columns);
  for (ColumnDrift& column : report.columns) {
    if (!HasFailed(column)) Decide(column, options);
  }
  Rank(report);
  Summarize(report);
}

}  // namespace retrain::drift
