#include <optional>

#include <fmt/format.h>

#include "retrain/model/constant.h"
#include "retrain/model/forest/forest_model.h"
#include "retrain/model/mlp/kernel_loader.h"
#include "retrain/model/mlp/mlp_model.h"
#include "retrain/train/forest/train_forest.h"
#include "retrain/train/mlp/train_mlp.h"
#include "retrain/train/slice.h"

namespace retrain::train {
namespace {

Result<TrainOutcome> TrainConstant(const TrainJob& job, const data::Table& training) {
  std::vector<double> targets, weights;
  TRY_OK(ForEachFrame(training, job.contract, [&](const LabelledRows& rows) -> Status {
    targets.insert(targets.end(), rows.targets.begin(), rows.targets.end());
    weights.insert(weights.end(), rows.weights.begin(), rows.weights.end());
    return Ok();
  }));
  if (targets.empty()) return Error{"E0214", "there is no row to train on"};
  const auto artifact = model::FitConstant(job.contract, targets, weights);
  return TrainOutcome{.artifact = model::Encode(artifact), .rows = static_cast<std::int64_t>(targets.size())};
}

}  // namespace

Result<TrainOutcome> InProcessTrainer::Train(const TrainJob& job, const OnProgress& on_progress) {
  const FileSlice training(ports_.files, job.training, job.contract),
      stopping(ports_.files, job.stopping, job.contract);
  if (job.options.model == model::kConstantFamily) return TrainConstant(job, training);
  const bool trees = model::forest::IsForest(job.options.model);
  if (!trees && job.options.model != model::mlp::kFamily) {
    return Error{.code = "E0102",
                 .message = fmt::format("there is no model `{}`; there are mlp, lightgbm, xgboost and constant",
                                        job.options.model),
                 .where = {.key = "model_config.model"}};
  }
  std::optional<model::Artifact> base;
  if (!job.base_artifact.empty()) {
    TRY(const auto bytes, ReadFile(ports_.files, job.base_artifact));
    TRY(base, model::Decode(bytes, job.base_artifact));
  }
  if (trees) return forest::TrainForest(job, base ? &*base : nullptr, training, stopping, ports_, on_progress);
  return mlp::TrainMlp(job, base ? &*base : nullptr, training, stopping, model::mlp::BestKernels(), ports_,
                       on_progress);
}

}  // namespace retrain::train
