// Stage 4, "Validation passed": both models on the same rows, the verdict, and the version made known.
#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/files.h"
#include "retrain/data/labels.h"
#include "retrain/model/constant.h"
#include "retrain/pipeline/judge_slices.h"
#include "retrain/pipeline/pipeline.h"
#include "retrain/pipeline/reference.h"

namespace retrain::pipeline {
namespace {

// What a first model has to beat: the same answer for every row, learned from its own training rows.
Result<std::unique_ptr<model::Model>> FitOpponent(Home& home, const Run& run) {
  std::vector<double> targets;
  const auto& contract = *run.contract;
  const data::ReadOptions only_target{.columns = {contract.roles.target}};
  TRY(const auto source, data::OpenRanges(home.files(), run.slice.training, only_target));
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) break;
    TRY(const auto values,
        data::CodeLabels(frame->column(0), contract.labels, {.key = contract.roles.target, .row = 0}));
    targets.insert(targets.end(), values.begin(), values.end());
  }
  return model::LoadModel(model::FitConstant(contract, targets));
}

Json MetricsOf(const std::vector<eval::Comparison>& comparisons) {
  Json json = Json::MakeObject();
  for (const auto& comparison : comparisons) json.Set(Name(comparison.metric), comparison.candidate);
  return json;
}

Result<std::vector<eval::Metric>> MetricsFor(const Config& config, data::Task task) {
  auto metrics = config.gate.metrics.empty() ? eval::DefaultMetrics(task) : config.gate.metrics;
  for (const auto metric : metrics) {
    if (eval::Fits(metric, task)) continue;
    std::vector<std::string> names;
    for (const auto fit : eval::DefaultMetrics(task)) names.emplace_back(Name(fit));
    return Error{.code = "E0105",
                 .message = fmt::format("metric `{}` does not fit a {} task", Name(metric), data::Name(task)),
                 .where = {.key = "validation_config.metrics"},
                 .hint = "for example " + ListNames(names)};
  }
  return metrics;
}

// Only a champion is a reference; of others it is made when somebody asks for it. Empty, or the digest.
Result<std::string> KeepReference(Home& home, const Run& run, const model::Model& candidate) {
  if (run.verdict != decide::Verdict::kPromote) return std::string();
  TRY(const auto reference, MakeReference(home.files(), run, candidate));
  return home.artifacts().Put(drift::ProfileToBytes(reference));
}

// The how manieth verdict on exactly these rows this one is.
std::int64_t UseOf(const std::vector<Run>& runs, const Run& run) {
  return 1 + std::ranges::count_if(runs, [&](const Run& earlier) {
           return earlier.id < run.id && earlier.verdict && earlier.slice.judged == run.slice.judged;
         });
}

Result<std::unique_ptr<model::Model>> LoadOpponent(Home& home, const Run& run) {
  if (!run.base) return FitOpponent(home, run);
  TRY(const auto base, home.registry().LoadArtifact(run.base));
  return model::LoadModel(base);
}

// Both models on the same rows, and what the gate makes of that: fills in the run's comparisons, slices and verdict.
Result<decide::GateDecision> JudgeCandidate(Home& home, const Config& config, const model::Model& candidate, Run& run) {
  auto options = config.gate;
  TRY(options.metrics, MetricsFor(config, run.contract->labels.task));
  TRY(const auto champion, LoadOpponent(home, run));
  TRY(const auto judged, PredictBoth(home.files(), run.slice.judged, *champion, candidate, SliceRulesOf(options)));
  const eval::CompareOptions compare{.confidence = options.confidence, .seed = DeriveSeed(run.seed, "bootstrap")};
  TRY(run.comparisons, eval::Compare(options.metrics, judged.truth, {judged.outputs, judged.champion},
                                     {judged.outputs, judged.candidate}, compare));
  TRY(const auto runs, home.runs().All());
  TRY(run.slices, CompareParts(options, home.files(), runs, run, judged, *champion, candidate, compare));
  decide::GateEvidence evidence{.comparisons = run.comparisons, .slices = run.slices};
  const auto reuse = decide::DecideReuse({.policy = options.reuse,
                                          .use = UseOf(runs, run),
                                          .fixed = !run.slice.validation.empty(),
                                          .confidence = options.confidence});
  if (!reuse.note.empty()) run.notes.push_back(reuse.note);
  if (reuse.confidence > options.confidence) {
    auto stricter = compare;
    stricter.confidence = reuse.confidence;
    TRY(auto again, eval::Compare({options.metrics.data(), 1}, judged.truth, {judged.outputs, judged.champion},
                                  {judged.outputs, judged.candidate}, stricter));
    evidence.again = std::move(again.front());
  }
  auto gate = decide::DecideGate(options, evidence,
                                 run.base ? fmt::format("champion {}", run.base.value) : "the constant predictor");
  run.verdict = gate.verdict;
  run.reason = gate.decision.reason;
  return gate;
}

}  // namespace

Status Pipeline::Validate(const Config& config, Run& run) {
  const State from = run.state;
  TRY(const auto bytes, home_.artifacts().Read(run.artifact));
  TRY(const auto artifact, model::Decode(bytes, "artifact " + run.artifact.substr(0, 12)));
  TRY(const auto candidate, model::LoadModel(artifact));
  TRY(const auto gate, JudgeCandidate(home_, config, *candidate, run));
  TRY(const auto profile, KeepReference(home_, run, *candidate));
  run.state = State::kValidated;
  EndStage(
      run, State::kValidated, gate.verdict == decide::Verdict::kPromote ? "done" : "failed",
      fmt::format("{} on {} rows: {}", decide::Name(gate.verdict), Grouped(run.comparisons.front().rows), run.reason));

  const Instant now = clock_.Now();
  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  TRY(run.version, home_.registry().Add({.digest = run.artifact,
                                         .parent = run.strategy == train::Strategy::kFull ? VersionId{} : run.base,
                                         .strategy = std::string(train::Name(run.strategy)),
                                         .watermark = run.slice.watermark,
                                         .run = run.id,
                                         .metrics = MetricsOf(run.comparisons),
                                         .profile = profile,
                                         .created_at = now}));
  std::vector<ledger::Chunk> used;
  TRY(const auto all, home_.ledger().All());
  for (const auto& chunk : all) {
    if (std::find(run.slice.chunks.begin(), run.slice.chunks.end(), chunk.id) != run.slice.chunks.end())
      used.push_back(chunk);
  }
  TRY_OK(home_.ledger().RecordUse(run.version, used));
  TRY_OK(home_.journal().Append(now, run.id, "gate", decide::ToJson(gate.decision)));
  TRY_OK(home_.runs().Advance(from, run));
  return transaction.Commit();
}

}  // namespace retrain::pipeline
