// Stage 3, "Training started": the job that names all a training depends on, and its artifact made durable.
#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/pipeline/pipeline.h"
#include "retrain/pipeline/train_job.h"

namespace retrain::pipeline {

Result<train::TrainJob> TrainJobOf(Home& home, const Config& config, const Run& run, std::string checkpoint) {
  train::TrainJob job{.strategy = run.strategy,
                      .options = config.training,
                      .contract = *run.contract,
                      .training = run.slice.training,
                      .stopping = run.slice.stopping,
                      .checkpoint = std::move(checkpoint)};
  job.options.seed = run.seed;
  if (run.base && run.strategy != train::Strategy::kFull) {
    TRY(const auto base, home.registry().Get(run.base));
    job.base_artifact = home.registry().ArtifactPath(base);
  }
  return job;
}

Status Pipeline::Train(const Config& config, Run& run, Observer& observer) {
  const State from = run.state;
  TRY(const auto job, TrainJobOf(home_, config, run, home_.WorkFile(run.id, "checkpoint")));
  TRY(const auto outcome,
      trainer_.Train(job, [&](const train::Progress& progress) { return observer.OnProgress(progress); }));
  TRY(run.artifact, home_.artifacts().Put(outcome.artifact));
  run.training = Json();
  run.training.Set("epochs", outcome.epochs)
      .Set("best_epoch", outcome.best_epoch)
      .Set("best_loss", outcome.best_loss)
      .Set("rows", outcome.rows)
      .Set("artifact_bytes", static_cast<std::int64_t>(outcome.artifact.size()));
  EndStage(run, State::kTrained, "done",
           fmt::format("{}, best {} with loss {:.4f}, artifact {} ({})", Counted(outcome.epochs, "epoch"),
                       outcome.best_epoch, outcome.best_loss, run.artifact.substr(0, 12),
                       Bytes(static_cast<std::int64_t>(outcome.artifact.size()))));
  run.state = State::kTrained;
  Json body;
  body.Set("action", Name(run.state)).Set("reason", run.stages.back().found).Set("artifact", run.artifact);
  body.Set("training", run.training);
  TRY(auto transaction, store::Transaction::Begin(home_.database()));
  TRY_OK(home_.journal().Append(clock_.Now(), run.id, "stage", body));
  TRY_OK(home_.runs().Advance(from, run));
  TRY_OK(transaction.Commit());
  return home_.CleanWork();
}

}  // namespace retrain::pipeline
