#pragma once

#include <optional>
#include <string>

#include "retrain/app/engine.h"

// What a person changes in a home by hand, done by the daemon that holds the home when there is one: the same answer,
// the same journal, the same errors.
namespace retrain::app {

// A move of the champion.
struct HandMove {
  bool back = false;                 // a rollback
  std::optional<VersionId> to = {};  // a promotion needs it; a rollback without it goes to the previous champion
  std::string who;
  std::string why = "by hand";

  bool operator==(const HandMove&) const = default;
};
Json ToJson(const HandMove& move);
Result<HandMove> HandMoveFromJson(const Json& json, bool back);  // E0102 for a version that is none

Json ToJson(const registry::AliasMove& move);  // as `retrain models promote --json` prints it

// REQUIRES: this process holds the home's lock.
Result<registry::AliasMove> MoveByHand(Engine& engine, const HandMove& move);

// Takes the lock in the name of `command`, or hands over. E0401 when another process than a daemon holds the home.
Result<registry::AliasMove> MoveHereOrInDaemon(Engine& engine, const HandMove& move, std::string_view command);

// Engine::Setup() here or there. The daemon reads its configs again before it answers.
Status SetUpHereOrInDaemon(Engine& engine, const std::string& text, std::string_view who);

}  // namespace retrain::app
