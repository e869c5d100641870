#include "retrain/pipeline/events.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/sha256.h"

namespace retrain::pipeline {
namespace {

Status Post(Home& home, Event event) {
  TRY(const auto hash, home.journal().LastHash());
  event.id = "evt_" + Sha256Hex(fmt::format("{}\n{}\n{}", hash, event.type, event.subject)).substr(0, 32);
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

Status PostDrifts(Home& home, const Config& config, const decide::TriggersAnswer& answer, Instant now) {
  const auto names = decide::NameTriggers(config.triggers);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (config.triggers[i].type != "drift_detected") continue;
    const auto fired = std::ranges::find_if(answer.triggers, [&](const decide::TriggerAnswer& trigger) {
      return trigger.decision.fired && trigger.decision.subject == names[i];
    });
    if (fired == answer.triggers.end()) continue;
    TRY_OK(Post(home, {.type = "drift.detected",
                       .at = now,
                       .subject = "trigger/" + names[i],
                       .data = decide::ToJson(fired->decision)}));
  }
  return Ok();
}

}  // namespace retrain::pipeline
