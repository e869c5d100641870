#include "retrain/pipeline/drift_window.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "retrain/drift/domain_classifier.h"
#include "retrain/pipeline/predictions.h"
#include "retrain/pipeline/reference.h"

namespace retrain::pipeline {
namespace {

using Measure = decide::DriftWindow::Measure;

constexpr std::size_t kMostEffects = 20;
constexpr double kLevelOfOthers = 0.05;  // what an alarm by another tool's threshold counts as

// With the reference's types where the values allow it; a column of another one tells so itself.
Result<std::unique_ptr<data::ColumnTable>> OpenLike(const drift::Profile& reference, StateFs& files,
                                                    const std::vector<data::FileRange>& rows) {
  data::Schema expected;
  for (const auto& column : reference.columns) expected.fields.push_back({column.name, column.type});
  auto table = data::OpenColumns(files, rows, {.expected = &expected});
  return table.ok() || table.error().code != "E0204" ? std::move(table) : data::OpenColumns(files, rows);
}

// The columns that a trigger looks at: `prediction` stands for the champion's score of every class.
std::vector<std::string> ColumnsOf(const decide::TriggerOptions& trigger, const drift::Profile& reference) {
  std::vector<std::string> columns;
  for (const auto& name : trigger.columns) {
    const bool means_all = name == kPrediction && reference.Find(name) == nullptr;
    if (!means_all) columns.push_back(name);
    for (const auto& column : reference.columns) {
      if (means_all && column.predicted) columns.push_back(column.name);
    }
  }
  return columns;
}

Result<drift::DriftReport> Check(const DriftBaseline& baseline, const decide::TriggerOptions& trigger,
                                 const data::ColumnTable& current) {
  Serial serial;
  drift::DetectorOptions options{.choice = {.columns = ColumnsOf(trigger, baseline.reference)},
                                 .compare = {.threshold = trigger.threshold},
                                 .method = trigger.method};
  if (trigger.method == drift::kDefaultMethod) {
    TRY(const auto detector, drift::DriftDetector::Make(baseline.reference, std::move(options)));
    return CheckWithModel(detector, baseline.model, current, serial);
  }
  TRY(auto training, OpenTrainingRows(baseline.files, baseline.run));
  for (const auto& name : baseline.run.contract->roles.categorical) options.choice.categorical.push_back(name);
  TRY(const auto detector, drift::DriftDetector::Make(std::move(training), std::move(options), serial));
  return detector.Check(current, serial);
}

std::int64_t Drifted(const drift::DriftReport& report) {
  return std::ranges::count(report.columns, drift::Outcome::kDrifted, &drift::ColumnDrift::outcome);
}

std::int64_t Needed(const drift::DriftReport& report, double share) {
  const auto columns = static_cast<double>(report.columns.size());
  return std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(share * columns - 1e-9)));
}

// The smallest false discovery rate at which `needed` columns drift, by their values or by their nulls.
double ChanceOf(const drift::DriftReport& report, std::int64_t needed) {
  std::vector<double> chances;
  for (const auto& column : report.columns)
    chances.push_back(std::min(column.adjusted_p_value.value_or(1), column.nulls.adjusted_p_value.value_or(1)));
  if (std::ssize(chances) < needed) return 1;
  std::ranges::sort(chances);
  return chances[static_cast<std::size_t>(needed - 1)];
}

Json PsiNumbers(const drift::DriftReport& report, double share) {
  Json json;
  json.Set("measure", "psi").Set("chance", ChanceOf(report, Needed(report, share)));
  Json effects = Json::MakeObject();
  const drift::ColumnDrift* top = nullptr;
  for (const auto& column : report.columns) {
    if (!column.effect) continue;
    if (top == nullptr) top = &column;
    if (effects.members().size() < kMostEffects) effects.Set(column.name, drift::LargestEffect(column));
  }
  json.Set("effects", std::move(effects));
  if (top == nullptr) return json;
  const bool by_nulls = top->nulls.effect && top->nulls.effect->value > top->effect->value;
  const auto& effect = by_nulls ? *top->nulls.effect : *top->effect;
  json.Set("column", by_nulls ? top->name + " (nulls)" : top->name).Set("effect", effect.value);
  return json.Set("lower", effect.lower).Set("upper", effect.upper);
}

Result<Json> AreaNumbers(const drift::JointDrift& joint) {
  if (!joint.area) return Error{.code = "E0214", .message = joint.reason};
  Json json;
  json.Set("measure", "area").Set("chance", *joint.p_value).Set("effect", *joint.area);
  return json.Set("lower", *joint.lower).Set("upper", *joint.upper);
}

Result<Json> NamedNumbers(const drift::DriftReport& report, double share) {
  const auto has_number = [](const drift::ColumnDrift& column) { return column.statistic.has_value(); };
  const auto top = std::ranges::find_if(report.columns, has_number);
  if (top == report.columns.end()) {
    const auto& why = report.left_out.empty() ? report.sentence : report.left_out.front().reason;
    return Error{.code = "E0214", .message = fmt::format("`{}` finds no column to compare: {}", report.method, why)};
  }
  Json json;
  json.Set("measure", "named").Set("chance", Drifted(report) >= Needed(report, share) ? kLevelOfOthers : 1.0);
  return json.Set("column", top->name).Set("effect", *top->statistic);
}

}  // namespace

Result<Json> MeasureDrift(const DriftBaseline& baseline, const decide::TriggerOptions& trigger,
                          const std::vector<data::FileRange>& window) {
  TRY(const auto current, OpenLike(baseline.reference, baseline.files, window));
  TRY(const auto report, Check(baseline, trigger, *current));
  Json json;
  if (report.joint) {
    TRY(json, AreaNumbers(*report.joint));
  } else if (trigger.method == drift::kDefaultMethod) {
    json = PsiNumbers(report, trigger.share);
  } else {
    TRY(json, NamedNumbers(report, trigger.share));
  }
  json.Set("columns", static_cast<std::int64_t>(report.columns.size())).Set("drifted", Drifted(report));
  return json.Set("rows", report.rows_current);
}

decide::DriftWindow DriftWindowOf(const Json& numbers) {
  const auto measure = numbers["measure"].AsString();
  const double upper = numbers["upper"].AsDouble();
  decide::DriftWindow window{.rows = numbers["rows"].AsInt(),
                             .columns = numbers["columns"].AsInt(),
                             .drifted = numbers["drifted"].AsInt(),
                             .chance = numbers["chance"].AsDouble(),
                             .column = numbers["column"].AsString(),
                             .measure = measure == "area"    ? Measure::kArea
                                        : measure == "named" ? Measure::kNamed
                                                             : Measure::kPsi,
                             .effect = numbers["effect"].AsDouble(),
                             .lower = numbers["lower"].AsDouble(),
                             .upper = std::isnan(upper) ? std::numeric_limits<double>::infinity() : upper};
  for (const auto& [column, psi] : numbers["effects"].members()) window.effects.push_back({column, psi.AsDouble()});
  return window;
}

}  // namespace retrain::pipeline
