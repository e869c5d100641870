// The state of a trigger as the JSON that is stored.
#include "retrain/decide/triggers.h"

namespace retrain::decide {
namespace {

Json InstantToJson(const std::optional<Instant>& at) {
  return at ? Json(std::int64_t{at->time_since_epoch().count()}) : Json();
}

std::optional<Instant> InstantFromJson(const Json& json) {
  if (!json.is_integer()) return std::nullopt;
  return Instant(std::chrono::milliseconds(json.AsInt()));
}

}  // namespace

Json ToJson(const TriggerState& state) {
  Json json;
  json.Set("name", state.name)
      .Set("since_ms", InstantToJson(state.since))
      .Set("planned_until_ms", InstantToJson(state.planned_until))
      .Set("fired_at_ms", InstantToJson(state.fired_at));
  return json.Set("fired_against", state.fired_against).Set("armed", state.armed).Set("queued", state.queued);
}

Result<TriggerState> TriggerStateFromJson(const Json& json) {
  const auto since = InstantFromJson(json["since_ms"]);
  if (!json["name"].is_string() || !since) {
    return Error{.code = "E0502", .message = "a stored trigger lacks its name or when it was first seen"};
  }
  return TriggerState{.name = json["name"].AsString(),
                      .since = *since,
                      .planned_until = InstantFromJson(json["planned_until_ms"]),
                      .fired_at = InstantFromJson(json["fired_at_ms"]),
                      .fired_against = json["fired_against"].AsInt(),
                      .armed = json["armed"].AsBool(true),
                      .queued = json["queued"].AsBool()};
}

}  // namespace retrain::decide
