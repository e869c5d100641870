#include "retrain/decide/decision.h"

namespace retrain::decide {

Json ToJson(const Decision& decision) {
  Json numbers = Json::MakeObject();
  for (const auto& [name, value] : decision.numbers) numbers.Set(name, value);
  Json json;
  json.Set("subject", decision.subject).Set("fired", decision.fired).Set("action", decision.action);
  return json.Set("reason", decision.reason).Set("numbers", numbers);
}

Result<Decision> DecisionFromJson(const Json& json) {
  if (!json["subject"].is_string() || !json["fired"].is_bool() || !json["numbers"].is_object()) {
    return Error{.code = "E0302", .message = "a stored decision lacks its subject, its outcome or its numbers"};
  }
  Decision decision{.subject = json["subject"].AsString(),
                    .fired = json["fired"].AsBool(),
                    .action = json["action"].AsString(),
                    .reason = json["reason"].AsString()};
  for (const auto& [name, value] : json["numbers"].members()) decision.numbers.emplace_back(name, value.AsDouble());
  return decision;
}

}  // namespace retrain::decide
