#include "retrain/app/daemon/changes.h"

#include "retrain/app/daemon/client.h"

namespace retrain::app {
namespace {

Result<registry::AliasMove> AliasMoveFromJson(const Json& json) {
  if (!json["to"].is_integer()) return Error{.code = "E0507", .message = "the daemon did not say where it moved to"};
  return registry::AliasMove{.name = json["alias"].AsString(),
                             .from = VersionId{json["from"].AsInt()},
                             .to = VersionId{json["to"].AsInt()},
                             .epoch = json["epoch"].AsInt()};
}

}  // namespace

Json ToJson(const HandMove& move) {
  Json json;
  if (move.to) json.Set("version", move.to->value);
  return json.Set("who", move.who).Set("reason", move.why);
}

Result<HandMove> HandMoveFromJson(const Json& json, bool back) {
  const bool may_lack = back && (!json.Has("version") || json["version"].is_null());
  if (!may_lack && (!json["version"].is_integer() || json["version"].AsInt() < 1)) {
    return Error{.code = "E0102",
                 .message = "`version` must be the id of a version, a whole number from 1",
                 .where = {.key = "version"},
                 .hint = "`retrain models list` shows them"};
  }
  HandMove move{.back = back, .who = json["who"].AsString("control API")};
  if (!may_lack) move.to = VersionId{json["version"].AsInt()};
  move.why = json["reason"].AsString(move.why);
  return move;
}

Json ToJson(const registry::AliasMove& move) {
  Json json;
  json.Set("alias", move.name).Set("from", move.from.value).Set("to", move.to.value);
  return json.Set("epoch", move.epoch);
}

Result<registry::AliasMove> MoveByHand(Engine& engine, const HandMove& move) {
  RETRAIN_ALWAYS(move.back || move.to);
  if (move.back) return engine.pipeline().Rollback(move.to, move.who, move.why);
  return engine.pipeline().Promote(*move.to, move.who, move.why);
}

Result<registry::AliasMove> MoveHereOrInDaemon(Engine& engine, const HandMove& move, std::string_view command) {
  const auto locked = engine.Lock(command);
  if (locked.ok()) return MoveByHand(engine, move);
  auto daemon = DaemonClient::Find(engine.home().folder());
  if (locked.error().code != "E0401" || !daemon) return locked.error();
  TRY(const auto answer, daemon->Ask("POST", move.back ? "rollback" : "promote", ToJson(move).Dump()));
  return AliasMoveFromJson(answer);
}

Status SetUpHereOrInDaemon(Engine& engine, const std::string& text, std::string_view who) {
  auto done = engine.Setup(text, who);
  if (done.ok() || done.error().code != "E0401") return done;
  auto daemon = DaemonClient::Find(engine.home().folder());
  if (!daemon) return done;
  TRY(const auto config, ParseJson(text, "the config"));
  Json body;
  TRY_OK(daemon->Ask("POST", "setup", body.Set("config", config).Set("who", who).Dump()));
  return Ok();
}

}  // namespace retrain::app
