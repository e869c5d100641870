#include "retrain/pipeline/events.h"

#include <fmt/format.h>

#include "retrain/base/sha256.h"

namespace retrain::pipeline {
namespace {

Status Post(Home& home, Event event) {
  TRY(const auto hash, home.journal().LastHash());
  event.id = "evt_" + Sha256Hex(fmt::format("{}\n{}", hash, event.type)).substr(0, 32);
  return home.outbox().Add(event);
}

}  // namespace

Status PostRunEnd(Home& home, const Run& run) {
  RETRAIN_ALWAYS(IsEnd(run.state) && run.ended_at);
  const std::string subject = fmt::format("run/{}", run.id.value);
  Json data;
  data.Set("run", run.id.value);
  TRY_OK(Post(home, {.type = "run.finished", .at = *run.ended_at, .subject = subject, .data = data}));
  if (run.state == State::kPromoted) {
    return Post(home, {.type = "model.promoted", .at = *run.ended_at, .subject = subject, .data = data});
  }
  if (run.state == State::kKept || run.state == State::kSuperseded) {
    return Post(home, {.type = "model.refused", .at = *run.ended_at, .subject = subject, .data = data});
  }
  return Ok();
}

Status PostMove(Home& home, const registry::AliasMove& move, std::string_view kind) {
  Json data;
  data.Set("from", move.from.value).Set("to", move.to.value).Set("who", move.who).Set("reason", move.why);
  return Post(home, {.type = kind == "rollback" ? "model.rolled_back" : "model.promoted",
                     .at = move.at,
                     .subject = fmt::format("version/{}", move.to.value),
                     .data = data});
}

Status PostDrift(Home& home, Instant at, const decide::Decision& decision) {
  return Post(
      home,
      {.type = "drift.detected", .at = at, .subject = "trigger/" + decision.subject, .data = decide::ToJson(decision)});
}

}  // namespace retrain::pipeline
