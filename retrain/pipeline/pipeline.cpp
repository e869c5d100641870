#include "retrain/pipeline/pipeline.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/pipeline/arrival_names.h"
#include "retrain/pipeline/events.h"
#include "retrain/pipeline/fields.h"

namespace retrain::pipeline {
namespace {

// What a failed run leaves as it was and, when a file was at fault that no version has learned from, how it is mended.
Result<std::string> KeptText(Home& home, const Run& run, const std::string& file) {
  std::string text = run.base ? fmt::format("champion {} still serves", run.base.value)
                              : "there was no champion, and there is none now";
  ChunkId learned{};
  if (run.base) {
    TRY(const auto base, home.registry().Get(run.base));
    learned = base.watermark;
  }
  TRY(const auto waiting, home.ledger().After(learned));
  if (std::ranges::find(waiting, file, &ledger::Chunk::name) != waiting.end())
    text += fmt::format("; {} waits: a mended file of this name takes its place", file);
  return text;
}

// Errors that end a run. The others leave it where it is: the same command goes on later.
bool EndsRun(const Error& error) {
  return error.kind() == ErrorKind::kConfig || error.kind() == ErrorKind::kData || error.kind() == ErrorKind::kModel;
}

}  // namespace

Result<Run> Pipeline::Start(const Config& config, const Request& request, Observer& observer) {
  TRY(auto unfinished, home_.runs().Unfinished());
  if (unfinished) {
    const bool same_config = !request.replaces && unfinished->config == ToJson(config).Dump();
    if (same_config || unfinished->state == State::kValidated) {
      TRY(auto run, home_.runs().Claim(unfinished->id));
      observer.OnStart(run, true);
      return run;
    }
    TRY_OK(Abandon(std::move(*unfinished), request.replaces ? fmt::format("{} fired meanwhile", request.trigger)
                                                            : "the config changed before it ended"));
  }
  TRY(auto run, Create(config, request));
  observer.OnStart(run, false);
  return run;
}

Result<Run> Pipeline::Tick(Run run, Observer& observer) {
  RETRAIN_ALWAYS(!IsEnd(run.state));
  TRY(const auto stored, ParseJson(run.config, fmt::format("the config of run {}", run.id.value)));
  TRY(const auto config, ConfigFromJson(stored));
  const Run before = run;
  const auto next = static_cast<State>(static_cast<int>(run.state) + 1);
  stage_began_ = clock_.SteadyNow();
  observer.OnStage(run, next);

  Status status;
  switch (before.state) {
    case State::kCreated: status = Prepare(config, run); break;
    case State::kPrepared: status = Train(config, run, observer); break;
    case State::kTrained: status = Validate(config, run); break;
    default: status = Deploy(run); break;
  }
  if (!status.ok()) {
    if (!EndsRun(status.error()) || !CanAdvance(before.state, State::kFailed)) return std::move(status).error();
    run = before;
    run.state = State::kFailed;
    TRY(const auto names, ArrivalNames(home_, config, run));
    run.error = data::WithNames(std::move(status).error(), names);
    TRY(run.error->kept, KeptText(home_, run, run.error->where.file));
    run.reason = run.error->message;
    EndStage(run, next, "failed", run.error->message);
    run.ended_at = clock_.Now();
    TRY(auto transaction, store::Transaction::Begin(home_.database()));
    Json body;
    body.Set("action", "fail").Set("code", run.error->code).Set("reason", run.reason);
    TRY_OK(home_.journal().Append(*run.ended_at, run.id, "stage", body));
    TRY_OK(home_.runs().Advance(before.state, run));
    TRY_OK(PostRunEnd(home_, run));
    TRY_OK(transaction.Commit());
  }
  observer.OnStageEnd(run);
  return run;
}

void Pipeline::EndStage(Run& run, State stage, std::string_view outcome, std::string found) {
  run.stages.push_back({.name = std::string(Row(stage).stage),
                        .outcome = std::string(outcome),
                        .found = std::move(found),
                        .seconds = (clock_.SteadyNow() - stage_began_).count()});
}

Result<Run> Pipeline::RunToEnd(const Config& config, const Request& request, Observer& observer) {
  TRY(auto run, Start(config, request, observer));
  while (!IsEnd(run.state)) {
    TRY(run, Tick(std::move(run), observer));
  }
  return run;
}

Status Pipeline::Abandon(Run run, const std::string& why) {
  TRY(run, home_.runs().Claim(run.id));
  const State from = run.state;
  run.state = State::kFailed;
  run.error = Error{.code = "E0303", .message = fmt::format("run {} was abandoned: {}", run.id.value, why)};
  run.reason = run.error->message;
  run.ended_at = clock_.Now();
  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  Json body;
  body.Set("action", "abandon").Set("reason", run.reason);
  TRY_OK(home_.journal().Append(*run.ended_at, run.id, "stage", body));
  TRY_OK(home_.runs().Advance(from, run));
  TRY_OK(PostRunEnd(home_, run));
  return transaction.Commit();
}

}  // namespace retrain::pipeline
