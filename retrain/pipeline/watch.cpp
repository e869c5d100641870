// The snapshot that triggers are decided on, and the look itself.
#include "retrain/pipeline/watch.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/files.h"
#include "retrain/decide/trigger.h"
#include "retrain/pipeline/measure.h"
#include "retrain/pipeline/pipeline.h"

namespace retrain::pipeline {
namespace {

constexpr std::chrono::hours kDay{24};

void Add(decide::Waiting& waiting, const PendingFile& file) {
  waiting.rows += file.rows;
  waiting.bytes += file.size_bytes;
  ++waiting.files;
  if (!waiting.oldest || file.arrived_at < *waiting.oldest) waiting.oldest = file.arrived_at;
}

PendingFile Taken(Home& home, const ledger::Chunk& chunk) {
  return {.chunk = chunk.id,
          .path = home.ledger().Path(chunk),
          .rows = chunk.rows,
          .size_bytes = chunk.size_bytes,
          .arrived_at = chunk.arrived_at};
}

// Whole files with bytes that were never taken in; those that are not whole are named in `unready`.
Result<std::vector<PendingFile>> Unseen(Home& home, const Config& config, const std::vector<ledger::Chunk>& chunks,
                                        Instant now, std::vector<std::string>& unready) {
  std::vector<PendingFile> unseen;
  TRY(const auto found, data::FindFiles(home.files(), config.data.new_data_path));
  for (const auto& file : found) {
    if (!file.unready.empty()) {
      unready.push_back(fmt::format("{} ({})", file.path, file.unready));
      continue;
    }
    const auto is_known = [&](auto same) { return std::any_of(chunks.begin(), chunks.end(), same); };
    if (is_known([&](const auto& chunk) { return chunk.name == file.path; })) continue;
    TRY(const auto digest, store::DigestOfFile(home.files(), file.path));
    if (is_known([&](const auto& chunk) { return chunk.digest == digest; })) continue;
    PendingFile pending{.path = file.path, .arrived_at = now};
    TRY(pending.rows, data::CountRows(home.files(), file.path));
    TRY(const auto info, home.files().Stat(file.path));
    pending.size_bytes = info.size_bytes;
    unseen.push_back(std::move(pending));
  }
  return unseen;
}

// The last chunk that a run has tried to learn from; one that was skipped has not tried.
ChunkId Tried(const std::vector<Run>& runs) {
  ChunkId tried{};
  for (const auto& run : runs) {
    if (run.state != State::kSkipped) tried = std::max(tried, run.slice.watermark);
  }
  return tried;
}

void CountToday(const std::vector<Run>& runs, decide::TriggerSnapshot& seen) {
  for (const auto& run : runs) {
    if (run.created_at + kDay <= seen.now) continue;
    for (const auto& stage : run.stages) {
      if (stage.name == Row(State::kTrained).stage) seen.training_seconds_today += stage.seconds;
    }
    if (run.trigger != "manual") ++seen.runs_today;
    if (!seen.today_eases || run.created_at + kDay < *seen.today_eases) seen.today_eases = run.created_at + kDay;
  }
}

// What trainings took, by their strategy.
std::map<std::string, decide::CostForecast, std::less<>> Costs(const std::vector<Run>& runs) {
  std::map<std::string, std::vector<decide::PastRun>> trained;
  for (const auto& run : runs) {
    for (const auto& stage : run.stages) {
      if (stage.name == Row(State::kTrained).stage && stage.outcome == "done" && IsEnd(run.state))
        trained[std::string(train::Name(run.strategy))].push_back({stage.seconds, run.state == State::kPromoted});
    }
  }
  std::map<std::string, decide::CostForecast, std::less<>> costs;
  for (const auto& [strategy, past] : trained) costs[strategy] = decide::ForecastCost(past);
  return costs;
}

enum class Arrivals { kTakenIn, kNotYet };

Result<TriggerLook> Look(Home& home, const Config& config, Instant now, Arrivals arrivals,
                         std::optional<Error> blocked) {
  TriggerLook look{.blocked = std::move(blocked)};
  auto& seen = look.seen;
  seen.now = now;
  seen.min_new_samples = config.data.min_new_samples;
  seen.strategy = train::Name(config.strategy);
  seen.seed = config.training.seed;
  TRY(const auto champion, LoadChampionData(home));
  TRY(const auto chunks, home.ledger().All());
  TRY(const auto runs, home.runs().All());
  std::vector<PendingFile> unseen;
  if (arrivals == Arrivals::kNotYet) {
    auto found = Unseen(home, config, chunks, now, look.unready);
    if (found.ok()) {
      unseen = *std::move(found);
    } else if (found.error().kind() == ErrorKind::kStore) {
      return found.error();
    } else {
      look.blocked = found.error();
    }
  }
  if (look.blocked) seen.blocked = look.blocked->message;
  CountToday(runs, seen);
  seen.costs = Costs(runs);
  if (!runs.empty() && !IsEnd(runs.back().state)) seen.run_under_way = runs.back().id.value;
  ChunkId watermark{};
  if (champion) {
    seen.champion = champion->version.id.value;
    seen.champion_since = champion->version.created_at;
    watermark = champion->version.watermark;
  }
  std::vector<PendingFile> pending;
  const auto tried = Tried(runs);
  for (const auto& chunk : chunks) {
    const auto file = Taken(home, chunk);
    if (chunk.id > tried) Add(seen.untried, file);
    if (chunk.id > watermark) pending.push_back(file);
  }
  for (const auto& file : unseen) Add(seen.untried, file);
  pending.insert(pending.end(), std::make_move_iterator(unseen.begin()), std::make_move_iterator(unseen.end()));
  for (const auto& file : pending) Add(seen.pending, file);
  look.enough_rows = decide::DecideNewSamples(
      {.rows = seen.pending.rows, .files = seen.pending.files, .min_new_samples = seen.min_new_samples});
  Meter meter(home, champion, std::move(pending), seen.min_new_samples, arrivals == Arrivals::kTakenIn);
  TRY(seen.measured, meter.Measure(config.triggers));
  TRY(const auto states, home.triggers().States());
  look.answer = decide::DecideTriggers(config.triggers, config.limits, seen, states);
  return look;
}

}  // namespace

Result<TriggerLook> LookAtTriggers(Home& home, const Config& config, Instant now) {
  return Look(home, config, now, Arrivals::kNotYet, {});
}

Result<TriggerLook> WatchTriggers(Home& home, const Config& config, Instant now, std::optional<Error> blocked) {
  return Look(home, config, now, Arrivals::kTakenIn, std::move(blocked));
}

std::vector<std::string> DataPaths(const Config& config) {
  std::vector<std::string> paths = config.data.historical_data;
  paths.push_back(config.data.new_data_path);
  return paths;
}

Json ToJson(const std::vector<ledger::Sighting>& sightings) {
  std::int64_t taken = 0;
  Json seen = Json::MakeArray();
  Json later = Json::MakeArray();
  for (const auto& sighting : sightings) {
    if (sighting.kind == ledger::Sighting::Kind::kNew) ++taken;
    if (sighting.kind == ledger::Sighting::Kind::kSeen) seen.Append(sighting.path + ": " + sighting.note);
    if (sighting.kind == ledger::Sighting::Kind::kUnready) later.Append(sighting.path + ": " + sighting.note);
  }
  Json body;
  body.Set("action", "scan");
  body.Set("reason", fmt::format("{} taken in, {} seen before, {} left for later", Counted(taken, "file"),
                                 seen.items().size(), later.items().size()));
  return body.Set("taken_in", taken).Set("seen_before", seen).Set("left_for_later", later);
}

Result<TriggerLook> Pipeline::Watch(const Config& config) {
  const Instant now = clock_.Now();
  std::vector<ledger::Sighting> sightings;
  std::optional<Error> blocked;
  if (auto scanned = home_.ledger().Scan(DataPaths(config), now); scanned.ok()) {
    sightings = *std::move(scanned);
  } else if (scanned.error().kind() == ErrorKind::kStore) {
    return scanned.error();
  } else {
    blocked = scanned.error();
  }
  const bool arrived = std::any_of(sightings.begin(), sightings.end(), [](const ledger::Sighting& sighting) {
    return sighting.kind == ledger::Sighting::Kind::kNew;
  });
  TRY(auto look, WatchTriggers(home_, config, now, std::move(blocked)));
  for (const auto& sighting : sightings) {
    if (sighting.kind == ledger::Sighting::Kind::kUnready)
      look.unready.push_back(fmt::format("{} ({})", sighting.path, sighting.note));
  }
  if (!arrived && look.answer.run) return look;
  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  if (arrived) TRY_OK(home_.journal().Append(now, RunId{}, "data", ToJson(sightings)));
  if (!look.answer.run) TRY_OK(home_.triggers().Record(look.answer, now, RunId{}, home_.journal()));
  TRY_OK(transaction.Commit());
  return look;
}

Request RequestOf(const TriggerLook& look) {
  RETRAIN_ALWAYS(look.answer.run.has_value());
  const auto& run = *look.answer.run;
  Request request{.trigger = run.trigger, .reason = run.reason, .replaces = run.replaces, .fired = look.answer};
  if (auto strategy = train::StrategyFromName(run.strategy); strategy.ok()) request.strategy = *strategy;
  return request;
}

}  // namespace retrain::pipeline
