// Stage 2, "Data prepared": enough rows, the contract, the checks, the split in time.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/checks.h"
#include "retrain/data/splits.h"
#include "retrain/decide/trigger.h"
#include "retrain/pipeline/arrival_names.h"
#include "retrain/pipeline/events.h"
#include "retrain/pipeline/judge_slices.h"
#include "retrain/pipeline/pipeline.h"

namespace retrain::pipeline {
namespace {

struct Files {
  std::vector<data::FileRows> training;
  std::vector<data::FileRange> validation;  // whole files
  data::Schema schema;                      // of the newest chunk, its types wide enough for all
  std::int64_t pending = 0;                 // rows after the champion's watermark
};

Result<Files> LoadFiles(Home& home, const Run& run) {
  Files files;
  TRY(const auto all, home.ledger().All());
  ChunkId watermark{};
  if (run.base) {
    TRY(const auto base, home.registry().Get(run.base));
    watermark = base.watermark;
  }
  for (const auto& chunk : all) {
    if (chunk.id > watermark && chunk.id <= run.slice.watermark) files.pending += chunk.rows;
    if (std::find(run.slice.chunks.begin(), run.slice.chunks.end(), chunk.id) == run.slice.chunks.end()) continue;
    files.training.push_back({home.ledger().Path(chunk), chunk.rows});
    const auto older = std::exchange(files.schema, chunk.schema);
    data::Widen(files.schema, older);
  }
  files.validation = ValidationFiles(home, run);
  return files;
}

// What the model will need and give. Incremental training keeps the champion's contract; a full one is free to follow
// the data, and says so where it differs.
Result<model::Contract> ContractFor(Home& home, const Config& config, const Files& files, Run& run) {
  if (run.strategy != train::Strategy::kFull) {
    TRY(const auto artifact, home.registry().LoadArtifact(run.base));
    return artifact.contract;
  }
  model::Contract contract;
  TRY(contract.roles, data::ResolveRoles(config.data, files.schema));
  std::vector<data::FileRange> ranges;
  for (const auto& file : files.training) ranges.push_back({.path = file.path, .begin = 0, .end = file.rows});
  const data::ReadOptions only_target{.columns = {contract.roles.target}};
  TRY(const auto source, data::OpenRanges(home.files(), ranges, only_target));
  TRY(contract.labels, data::InferLabels(*source, contract.roles, config.data));
  return contract;
}

std::string TaskText(const data::Labels& labels) {
  if (labels.task == data::Task::kRegression) return "regression";
  return fmt::format("{} ({})", data::Name(labels.task), ListNames(labels.classes, 5));
}

}  // namespace

Status Pipeline::Prepare(const Config& config, Run& run) {
  const State from = run.state;
  TRY(const auto files, LoadFiles(home_, run));
  const bool counts_pending = run.strategy != train::Strategy::kFull;
  const auto enough = decide::DecideNewSamples({.rows = counts_pending ? files.pending : run.slice.rows,
                                                .files = static_cast<std::int64_t>(run.slice.chunks.size()),
                                                .min_new_samples = config.data.min_new_samples});
  const Instant now = clock_.Now();
  if (!enough.fired) {
    run.state = State::kSkipped;
    run.reason = enough.reason;
    run.ended_at = now;
    EndStage(run, State::kPrepared, "skipped", enough.reason);
  } else {
    TRY(auto contract, ContractFor(home_, config, files, run));
    TRY(auto names, ArrivalNames(home_, config, run));
    data::TrainingCheck check{
        .roles = contract.roles, .labels = contract.labels, .validation = files.validation, .names = std::move(names)};
    for (const auto& file : files.training) check.training.push_back({.path = file.path, .begin = 0, .end = file.rows});
    TRY(const auto report, data::CheckTraining(home_.files(), check));
    const data::SplitOptions split_options{.recent_fraction =
                                               files.validation.empty() ? data::SplitOptions{}.recent_fraction : 0};
    TRY(auto split, data::SplitByTime(files.training, split_options));
    run.notes.insert(run.notes.end(), report.notes.begin(), report.notes.end());
    run.slice.training = std::move(split.training);
    run.slice.stopping = std::move(split.stopping);
    run.slice.judged = files.validation.empty() ? split.recent : files.validation;
    TRY_OK(CheckSlices(config.gate, home_.files(), run.slice.judged));
    run.contract = std::move(contract);
    run.state = State::kPrepared;
    const auto judged = files.validation.empty() ? data::CountRows(run.slice.judged) : report.validation_rows;
    EndStage(
        run, State::kPrepared, "done",
        fmt::format("{}: {} train, {} stop; {} judge; {}, {}", Counted(run.slice.rows, "row"),
                    Grouped(data::CountRows(run.slice.training)), Grouped(data::CountRows(run.slice.stopping)),
                    Grouped(judged), Counted(static_cast<std::int64_t>(run.contract->roles.features.size()), "feature"),
                    TaskText(run.contract->labels)));
  }
  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  Json body;
  body.Set("action", Name(run.state)).Set("reason", run.stages.back().found).Set("decision", decide::ToJson(enough));
  TRY_OK(home_.journal().Append(now, run.id, "stage", body));
  TRY_OK(home_.runs().Advance(from, run));
  if (IsEnd(run.state)) TRY_OK(PostRunEnd(home_, run));
  return transaction.Commit();
}

}  // namespace retrain::pipeline
