#include "retrain/eval/comparison.h"

namespace retrain::eval {

Json ToJson(const Comparison& c) {
  Json json;
  json.Set("metric", Name(c.metric)).Set("champion", c.champion).Set("candidate", c.candidate);
  json.Set("difference", c.difference).Set("lower", c.lower).Set("upper", c.upper);
  json.Set("confidence", c.confidence).Set("rows", c.rows).Set("method", c.method);
  return json.Set("undefined", c.undefined).Set("note", c.note);
}

Result<Comparison> ComparisonFromJson(const Json& json) {
  for (const char* key : {"champion", "candidate", "difference", "lower", "upper", "confidence", "rows"}) {
    if (!json[key].is_number()) {
      return Error{.code = "E0302", .message = std::string("a stored comparison lacks the number `") + key + "`"};
    }
  }
  TRY(const auto metric, MetricFromName(json["metric"].AsString()));
  return Comparison{.metric = metric,
                    .champion = json["champion"].AsDouble(),
                    .candidate = json["candidate"].AsDouble(),
                    .difference = json["difference"].AsDouble(),
                    .lower = json["lower"].AsDouble(),
                    .upper = json["upper"].AsDouble(),
                    .confidence = json["confidence"].AsDouble(),
                    .rows = json["rows"].AsInt(),
                    .method = json["method"].AsString(),
                    .undefined = json["undefined"].AsBool(),
                    .note = json["note"].AsString()};
}

}  // namespace retrain::eval
