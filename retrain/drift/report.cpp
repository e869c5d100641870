#include "retrain/drift/report.h"

#include <algorithm>
#include <array>
#include <limits>

#include <fmt/format.h>

namespace retrain::drift {
namespace {

constexpr std::array<std::pair<Outcome, std::string_view>, 4> kOutcomes = {{{Outcome::kDrifted, "drifted"},
                                                                            {Outcome::kStable, "stable"},
                                                                            {Outcome::kUndecided, "undecided"},
                                                                            {Outcome::kFailed, "failed"}}};

Json OrNull(const std::optional<double>& value) { return value ? Json(*value) : Json(); }

std::optional<double> NumberOrNone(const Json& json) {
  return json.is_number() ? std::optional(json.AsDouble()) : std::nullopt;
}

// effect, lower and upper stand beside the other numbers, where scripts look for them.
void SetEffect(Json& json, const std::optional<Effect>& effect) {
  json.Set("effect", effect ? Json(effect->value) : Json());
  json.Set("lower", effect ? Json(effect->lower) : Json());
  json.Set("upper", effect ? Json(effect->upper) : Json());
}

std::optional<Effect> EffectFrom(const Json& json) {
  if (!json["effect"].is_number()) return std::nullopt;
  const double upper = json["upper"].is_null() ? std::numeric_limits<double>::infinity() : json["upper"].AsDouble();
  return Effect{.value = json["effect"].AsDouble(), .lower = json["lower"].AsDouble(), .upper = upper};
}

Json ToJson(const NullChange& nulls) {
  Json json;
  json.Set("reference_share", nulls.reference_share).Set("current_share", nulls.current_share);
  SetEffect(json, nulls.effect);
  json.Set("p_value", OrNull(nulls.p_value)).Set("adjusted_p_value", OrNull(nulls.adjusted_p_value));
  return json.Set("drifted", nulls.drifted);
}

NullChange NullsFrom(const Json& json) {
  return {.reference_share = json["reference_share"].AsDouble(0),
          .current_share = json["current_share"].AsDouble(0),
          .effect = EffectFrom(json),
          .p_value = NumberOrNone(json["p_value"]),
          .adjusted_p_value = NumberOrNone(json["adjusted_p_value"]),
          .drifted = json["drifted"].AsBool()};
}

Result<ColumnDrift> ColumnFrom(const Json& json) {
  ColumnDrift column{.name = json["name"].AsString(), .reason = json["reason"].AsString()};
  TRY(column.kind, ColumnKindFromName(json["kind"].AsString()));
  TRY(column.outcome, OutcomeFromName(json["outcome"].AsString()));
  column.effect = EffectFrom(json);
  column.statistic = NumberOrNone(json["statistic"]);
  column.p_value = NumberOrNone(json["p_value"]);
  column.adjusted_p_value = NumberOrNone(json["adjusted_p_value"]);
  column.threshold = NumberOrNone(json["threshold"]);
  column.nulls = NullsFrom(json["nulls"]);
  column.importance = NumberOrNone(json["importance"]);
  column.n_reference = json["n_reference"].AsInt();
  column.n_current = json["n_current"].AsInt();
  if (json["rows_to_decide"].is_integer()) column.rows_to_decide = json["rows_to_decide"].AsInt();
  for (const Json& cell : json["cells"].items()) {
    column.cells.push_back(
        {cell["label"].AsString(), cell["reference"].AsInt(), cell["current"].AsInt(), cell["joined"].AsBool()});
  }
  for (const auto& [name, value] : json["statistics"].members()) {
    if (value.is_number()) column.statistics.push_back({name, value.AsDouble()});
  }
  return column;
}

Result<JointDrift> JointFrom(const Json& json) {
  JointDrift joint{.reason = json["reason"].AsString(),
                   .area = NumberOrNone(json["area"]),
                   .lower = NumberOrNone(json["lower"]),
                   .upper = NumberOrNone(json["upper"]),
                   .p_value = NumberOrNone(json["p_value"]),
                   .threshold = json["threshold"].AsDouble(0),
                   .n_reference = json["n_reference"].AsInt(),
                   .n_current = json["n_current"].AsInt()};
  TRY(joint.outcome, OutcomeFromName(json["outcome"].AsString()));
  return joint;
}

}  // namespace

std::string_view Name(Outcome outcome) {
  for (const auto& [known, name] : kOutcomes) {
    if (known == outcome) return name;
  }
  Bug("an outcome without a name", __FILE__, __LINE__);
}

Result<Outcome> OutcomeFromName(std::string_view name) {
  for (const auto& [outcome, known] : kOutcomes) {
    if (known == name) return outcome;
  }
  return Error{.code = "E0302", .message = fmt::format("there is no outcome `{}` of a drift test", name)};
}

const ColumnDrift* DriftReport::Find(std::string_view name) const {
  const auto found = std::ranges::find(columns, name, &ColumnDrift::name);
  return found == columns.end() ? nullptr : &*found;
}

Json ToJson(const ColumnDrift& column) {
  Json cells = Json::MakeArray();
  for (const Cell& cell : column.cells) {
    Json item;
    item.Set("label", cell.label).Set("reference", cell.reference).Set("current", cell.current);
    cells.Append(item.Set("joined", cell.joined));
  }
  Json statistics = Json::MakeObject();
  for (const Statistic& statistic : column.statistics) statistics.Set(statistic.name, statistic.value);
  Json json;
  json.Set("name", column.name).Set("kind", Name(column.kind)).Set("outcome", Name(column.outcome));
  json.Set("reason", column.reason);
  SetEffect(json, column.effect);
  json.Set("statistic", OrNull(column.statistic))
      .Set("p_value", OrNull(column.p_value))
      .Set("adjusted_p_value", OrNull(column.adjusted_p_value))
      .Set("threshold", OrNull(column.threshold))
      .Set("nulls", ToJson(column.nulls))
      .Set("importance", OrNull(column.importance))
      .Set("n_reference", column.n_reference)
      .Set("n_current", column.n_current)
      .Set("rows_to_decide", column.rows_to_decide ? Json(*column.rows_to_decide) : Json())
      .Set("statistics", std::move(statistics))
      .Set("cells", std::move(cells));
  return json;
}

Json ToJson(const JointDrift& joint) {
  Json json;
  json.Set("outcome", Name(joint.outcome)).Set("reason", joint.reason).Set("area", OrNull(joint.area));
  json.Set("lower", OrNull(joint.lower)).Set("upper", OrNull(joint.upper)).Set("p_value", OrNull(joint.p_value));
  json.Set("threshold", joint.threshold).Set("n_reference", joint.n_reference);
  return json.Set("n_current", joint.n_current);
}

Json ToJson(const DriftReport& report) {
  Json columns = Json::MakeArray();
  for (const ColumnDrift& column : report.columns) columns.Append(ToJson(column));
  Json left_out = Json::MakeObject();
  for (const LeftOut& column : report.left_out) left_out.Set(column.name, column.reason);
  Json json;
  json.Set("drifted", report.drifted)
      .Set("sentence", report.sentence)
      .Set("method", report.method)
      .Set("threshold", report.threshold)
      .Set("drifted_share", report.drifted_share)
      .Set("rows_reference", report.rows_reference)
      .Set("rows_current", report.rows_current)
      .Set("columns", std::move(columns))
      .Set("joint", report.joint ? ToJson(*report.joint) : Json())
      .Set("left_out", std::move(left_out));
  return json;
}

Result<DriftReport> DriftReportFromJson(const Json& json) {
  if (!json["columns"].is_array())
    return Error{.code = "E0302", .message = "a drift report without its list of columns"};
  DriftReport report{.method = json["method"].AsString(),
                     .threshold = json["threshold"].AsDouble(),
                     .drifted = json["drifted"].AsBool(),
                     .drifted_share = json["drifted_share"].AsDouble(0),
                     .sentence = json["sentence"].AsString(),
                     .rows_reference = json["rows_reference"].AsInt(),
                     .rows_current = json["rows_current"].AsInt()};
  for (const Json& item : json["columns"].items()) {
    TRY(report.columns.emplace_back(), ColumnFrom(item));
  }
  if (!json["joint"].is_null()) {
    TRY(report.joint, JointFrom(json["joint"]));
  }
  for (const auto& [name, reason] : json["left_out"].members()) report.left_out.push_back({name, reason.AsString()});
  return report;
}

}  // namespace retrain::drift
