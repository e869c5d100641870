// Stage 1, "Trigger validated": what has arrived, what is really done, and on which bytes.
#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/files.h"
#include "retrain/decide/strategy.h"
#include "retrain/pipeline/events.h"
#include "retrain/pipeline/fields.h"
#include "retrain/pipeline/pipeline.h"

namespace retrain::pipeline {
namespace {

std::string SuffixOf(const std::string& path) {
  const auto dot = path.find_last_of('.');
  return dot == std::string::npos ? "" : path.substr(dot);
}

std::vector<std::string> NotesOf(const std::vector<ledger::Sighting>& sightings) {
  std::vector<std::string> notes;
  for (const auto& sighting : sightings) {
    if (sighting.kind == ledger::Sighting::Kind::kUnready)
      notes.push_back(fmt::format("{} is left for later: {}", sighting.path, sighting.note));
    const bool under_another_name = sighting.note.find("same bytes") != std::string::npos;
    if (sighting.kind == ledger::Sighting::Kind::kSeen && under_another_name)
      notes.push_back(fmt::format("{} is skipped: {}", sighting.path, sighting.note));
  }
  return notes;
}

// Keeps the validation files' bytes too, so that a run that goes on after a crash judges on the same rows.
Result<std::vector<std::string>> KeepValidation(Home& home, const std::string& path) {
  std::vector<std::string> kept;
  if (path.empty()) return kept;
  TRY(const auto found, data::FindFiles(home.files(), path));
  for (const auto& file : found) {
    if (!file.unready.empty()) {
      return Error{.code = "E0202",
                   .message = fmt::format("validation data {} is not whole: {}", file.path, file.unready),
                   .where = {.file = file.path, .key = "data_config.validation_data"},
                   .hint = "write it to the end, then run again"};
    }
    TRY(const auto digest, home.data().Adopt(file.path, SuffixOf(file.path)));
    kept.push_back(digest + SuffixOf(file.path));
  }
  if (kept.empty()) {
    return Error{.code = "E0201",
                 .message = fmt::format("there is no validation data in {}", path),
                 .where = {.file = path, .key = "data_config.validation_data"},
                 .hint = "put files there, or leave the key out: then the newest rows of each run judge"};
  }
  return kept;
}

std::string AskedStrategy(const Config& config, const Request& request) {
  if (request.strategy) return std::string(train::Name(*request.strategy));
  const auto names = decide::NameTriggers(config.triggers);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == request.trigger && !config.triggers[i].strategy.empty()) return config.triggers[i].strategy;
  }
  return std::string(train::Name(config.strategy));
}

}  // namespace

// The scan commits by itself: what has been seen stays seen whatever becomes of the run.
Result<Run> Pipeline::Create(const Config& config, const Request& request) {
  const Instant now = clock_.Now();
  const Steady began = clock_.SteadyNow();
  TRY_OK(home_.CleanWork());
  auto sightings = home_.ledger().Scan(DataPaths(config), now);
  auto validation = KeepValidation(home_, config.data.validation_data);
  if (!sightings.ok() || !validation.ok()) {
    const Error error = sightings.ok() ? validation.error() : sightings.error();
    Json body;
    body.Set("action", "refuse").Set("trigger", request.trigger).Set("code", error.code).Set("reason", error.message);
    TRY_OK(home_.journal().Append(now, RunId{}, "trigger", body));
    return error;
  }

  TRY(const auto champion, home_.registry().Find(registry::kChampion));
  decide::StrategySnapshot snapshot{.asked = AskedStrategy(config, request), .model = config.training.model};
  Run run{.trigger = request.trigger, .asked_reason = request.reason};
  run.config = pipeline::ToJson(config).Dump();
  run.seed = config.training.seed;
  run.created_at = now;
  run.notes = NotesOf(*sightings);
  run.slice.validation = *std::move(validation);
  ChunkId watermark{};
  if (champion) {
    TRY(const auto version, home_.registry().Get(champion->version));
    run.base = version.id;
    run.champion_epoch = champion->epoch;
    watermark = version.watermark;
    TRY(const auto artifact, home_.registry().LoadArtifact(version.id));
    snapshot.champion = fmt::format("champion {}", version.id.value);
    snapshot.champion_model = artifact.family;
  }
  const auto decided = decide::DecideStrategy(snapshot);
  TRY(run.strategy, train::StrategyFromName(decided.strategy));
  run.strategy_reason = decided.why_other;
  TRY(const auto all, home_.ledger().All());
  std::int64_t pending = 0;
  for (const auto& chunk : all) {
    const bool is_new = chunk.id > watermark;
    if (is_new) pending += chunk.rows;
    if (!is_new && run.strategy == train::Strategy::kIncremental) continue;
    run.slice.chunks.push_back(chunk.id);
    run.slice.rows += chunk.rows;
    run.slice.watermark = std::max(run.slice.watermark, chunk.id);
  }
  run.stages.push_back({.name = std::string(Row(State::kCreated).stage),
                        .outcome = "done",
                        .found = fmt::format("{}: {} pending, {} in {} to learn from", request.trigger,
                                             Counted(pending, "row"), Counted(run.slice.rows, "row"),
                                             Counted(static_cast<std::int64_t>(run.slice.chunks.size()), "file")),
                        .seconds = (clock_.SteadyNow() - began).count()});

  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  TRY(run.id, home_.runs().Insert(run));
  TRY_OK(home_.journal().Append(now, run.id, "data", ToJson(*sightings)));
  Json body;
  body.Set("action", decided.decision.action).Set("trigger", request.trigger).Set("reason", request.reason);
  body.Set("strategy_reason", decided.why_other).Set("pending_rows", pending).Set("rows", run.slice.rows);
  TRY_OK(home_.journal().Append(now, run.id, "trigger", body));
  if (request.fired) {
    TRY_OK(home_.triggers().Record(*request.fired, now, run.id, home_.journal()));
    TRY_OK(PostDrifts(home_, config, *request.fired, now));
  } else {
    TRY_OK(home_.triggers().RecordByHand(config.triggers, request.trigger, {.now = now, .champion = run.base.value}));
  }
  TRY_OK(transaction.Commit());
  return run;
}

}  // namespace retrain::pipeline
