// Moves of the alias `champion`: by hand and by a run. One transaction holds the move and its journal entry.
#include <fmt/format.h>

#include "retrain/pipeline/events.h"
#include "retrain/pipeline/pipeline.h"

namespace retrain::pipeline {
namespace {

Error AlreadyChampion(VersionId version) {
  return {.code = "E0402",
          .message = fmt::format("version {} is the champion already", version.value),
          .hint = "`retrain models list` shows where the aliases point",
          .kept = "nothing was changed"};
}

}  // namespace

Result<registry::AliasMove> Pipeline::MoveChampion(VersionId to, std::string_view who, std::string_view why,
                                                   std::string_view kind) {
  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  TRY(const auto champion, home_.registry().Find(registry::kChampion));
  registry::AliasMove move{.name = std::string(registry::kChampion),
                           .from = champion ? champion->version : VersionId{},
                           .to = to,
                           .who = std::string(who),
                           .why = std::string(why),
                           .at = clock_.Now()};
  TRY(const auto moved, home_.registry().Move(move, champion ? champion->epoch : 0));
  move.epoch = moved.epoch;
  Json body;
  body.Set("action", kind).Set("from", move.from.value).Set("to", to.value).Set("who", who).Set("reason", why);
  TRY_OK(home_.journal().Append(move.at, RunId{}, kind, body));
  TRY_OK(PostMove(home_, move, kind));
  TRY_OK(transaction.Commit());
  return move;
}

Result<registry::AliasMove> Pipeline::Promote(VersionId to, std::string_view who, std::string_view why) {
  TRY(const auto version, home_.registry().Get(to));
  TRY(const auto champion, home_.registry().Find(registry::kChampion));
  if (champion && champion->version == to) {
    return AlreadyChampion(to);
  }
  TRY(const auto artifact, home_.registry().LoadArtifact(version.id));  // never point at what cannot be loaded
  TRY(const auto model, model::LoadModel(artifact));
  return MoveChampion(to, who, why, "promotion");
}

Result<registry::AliasMove> Pipeline::Rollback(std::optional<VersionId> to, std::string_view who,
                                               std::string_view why) {
  TRY(const auto champion, home_.registry().Find(registry::kChampion));
  if (!champion) {
    return Error{
        .code = "E0306", .message = "there is no champion to roll back from", .hint = "run `retrain run` first"};
  }
  if (!to) {
    TRY(const auto previous, home_.registry().Find(registry::kPrevious));
    if (!previous || previous->version == champion->version) {
      return Error{
          .code = "E0504",
          .message = fmt::format("champion {} has no previous champion to go back to", champion->version.value),
          .hint = "name a version: `retrain models rollback --to VERSION`",
          .kept = "nothing was changed"};
    }
    to = previous->version;
  }
  if (*to == champion->version) {
    return AlreadyChampion(*to);
  }
  TRY(const auto artifact, home_.registry().LoadArtifact(*to));
  TRY(const auto model, model::LoadModel(artifact));
  return MoveChampion(*to, who, why, "rollback");
}

Status Pipeline::Deploy(Run& run) {
  const State from = run.state;
  const bool promotes = run.verdict == decide::Verdict::kPromote;
  run.ended_at = clock_.Now();
  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  Json body;
  body.Set("version", run.version.value).Set("reason", run.reason);
  if (!promotes) {
    run.state = State::kKept;
    EndStage(run, State::kPromoted, "skipped",
             run.base ? fmt::format("champion {} stays", run.base.value) : "nothing is deployed");
  } else {
    const registry::AliasMove move{.name = std::string(registry::kChampion),
                                   .from = run.base,
                                   .to = run.version,
                                   .who = fmt::format("run {}", run.id.value),
                                   .why = run.reason,
                                   .evidence = ToJson(run)["comparisons"],
                                   .at = *run.ended_at};
    const auto moved = home_.registry().Move(move, run.champion_epoch);
    if (!moved.ok() && moved.error().code != "E0402") return moved.error();
    run.state = moved.ok() ? State::kPromoted : State::kSuperseded;
    if (!moved.ok()) run.reason = fmt::format("not deployed: {}", moved.error().message);
    EndStage(run, State::kPromoted, moved.ok() ? "done" : "skipped",
             moved.ok() ? fmt::format("version {} is the champion", run.version.value) : run.reason);
  }
  TRY_OK(home_.journal().Append(*run.ended_at, run.id, "promotion", body.Set("action", Name(run.state))));
  TRY_OK(home_.runs().Advance(from, run));
  TRY_OK(PostRunEnd(home_, run));
  return transaction.Commit();
}

}  // namespace retrain::pipeline
