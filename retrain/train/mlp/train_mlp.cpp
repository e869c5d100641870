#include "retrain/train/mlp/train_mlp.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/sha256.h"
#include "retrain/train/mlp/checkpoint.h"
#include "retrain/train/mlp/prepare.h"
#include "retrain/train/mlp/stopping.h"

namespace retrain::train::mlp {
namespace {

constexpr double kDivergedLoss = 1e4;  // nats, or half the squared error of a target with variance 1: a guess has 0.5
constexpr double kBodyRate = 0.25;     // of the head's learning rate, in a transfer

// Names the training whatever its paths of scratch files and threads are.
std::string DigestOf(TrainJob job) {
  job.checkpoint.clear();
  job.options.threads = 1;
  job.options.time_budget.reset();
  return Sha256Hex(ToJson(job).Dump());
}

DescentOptions DescentOptionsOf(const TrainJob& job, const Session& session) {
  return {.task = job.contract.labels.task,
          .epochs = job.options.epochs,
          .batch_size = job.options.batch_size,
          .learning_rate = job.options.learning_rate,
          .body_rate = job.strategy == Strategy::kTransfer ? kBodyRate : 1.0,
          .dropout = job.options.dropout,
          .weight_decay = job.options.weight_decay,
          .replay_fraction = job.strategy == Strategy::kIncremental ? job.options.replay_fraction : 0,
          .new_rows = session.new_rows,
          .seed = DeriveSeed(job.options.seed + static_cast<std::uint64_t>(session.updates), "descent")};
}

Json LossesJson(const std::vector<double>& losses) {
  Json json = Json::MakeArray();
  for (const double loss : losses) json.Append(loss);
  return json;
}

Json OptionsJson(TrainOptions options) {
  options.threads = 1;  // the bytes do not depend on it
  options.time_budget.reset();
  return ToJson(options);
}

// One training: epochs until it is done, the best one kept, a checkpoint after each.
class Training {
 public:
  Training(const TrainJob& job, Session session, const model::mlp::Kernels& kernels, TrainPorts ports)
      : job_(job),
        session_(std::move(session)),
        ports_(ports),
        digest_(DigestOf(job)),
        stopping_(session_.stopping.weights),
        descent_(kernels, session_.layout, ports.parallel, DescentOptionsOf(job, session_)) {}

  Status Run(const OnProgress& on_progress) {
    Begin();
    const auto began = ports_.clock.SteadyNow();
    while (!Done(ports_.clock.SteadyNow() - began)) {
      const auto epoch_began = ports_.clock.SteadyNow();
      TRY_OK(RunEpoch());
      const double seconds = (ports_.clock.SteadyNow() - epoch_began).count();
      if (!job_.checkpoint.empty()) TRY_OK(WriteCheckpoint(ports_.files, job_.checkpoint, digest_, standing_));
      if (!on_progress) continue;
      const Progress progress{.epoch = standing_.epoch,
                              .epochs = job_.options.epochs,
                              .training_loss = standing_.training_losses.back(),
                              .stopping_loss = standing_.stopping_losses.back(),
                              .rows_per_second = seconds > 0 ? static_cast<double>(session_.new_rows) / seconds : 0};
      if (!on_progress(progress)) return Error{"E0303", fmt::format("stopped after epoch {}", standing_.epoch)};
    }
    return Ok();
  }

  TrainOutcome Outcome() {
    const auto& chosen = keeps_best() ? standing_.best : standing_.now;
    const int best_epoch = keeps_best() ? standing_.best_epoch : standing_.epoch;
    const double best_loss =
        keeps_best() || standing_.stopping_losses.empty() ? standing_.best_loss : standing_.stopping_losses.back();
    model::Artifact artifact;
    artifact.contract = job_.contract;
    artifact.info.Set("strategy", Name(job_.strategy)).Set("options", OptionsJson(job_.options));
    artifact.info.Set("epochs", standing_.epoch).Set("best_epoch", best_epoch).Set("best_loss", best_loss);
    artifact.info.Set("training_losses", LossesJson(standing_.training_losses))
        .Set("stopping_losses", LossesJson(standing_.stopping_losses));
    artifact.info.Set("rows", session_.new_rows)
        .Set("rows_ever", session_.reservoir.seen())
        .Set("updates", session_.updates);
    artifact.info.Set("parameters", session_.layout.size).Set("steps", chosen.steps);
    model::mlp::SaveNetwork({.encoder = session_.encoder, .layout = session_.layout, .weights = chosen.weights},
                            artifact);
    artifact.sections["adam_mean"] = model::mlp::FloatBytes(chosen.mean);
    artifact.sections["adam_square"] = model::mlp::FloatBytes(chosen.square);
    artifact.sections["replay"] = session_.reservoir.ToBytes();
    return {.artifact = model::Encode(artifact),
            .epochs = standing_.epoch,
            .best_epoch = best_epoch,
            .best_loss = best_loss,
            .rows = session_.new_rows};
  }

 private:
  bool keeps_best() const { return job_.options.early_stopping && session_.stopping.rows > 0; }

  void Begin() {
    if (!job_.checkpoint.empty()) {
      if (auto standing = ReadCheckpoint(ports_.files, job_.checkpoint, digest_, session_.layout.size)) {
        standing_ = std::move(*standing);
        stopping_ = Stopping(session_.stopping.weights, standing_.least_losses);
        return;
      }
    }
    standing_.now = standing_.best = session_.start;
    if (session_.has_base && session_.stopping.rows > 0) {
      auto losses = descent_.RowLosses(session_.stopping, standing_.now);
      standing_.best_loss = stopping_.Mean(losses);
      stopping_.Offer(std::move(losses));
      standing_.least_losses = stopping_.least();
    }
  }

  bool Done(Steady spent) const {
    const auto& options = job_.options;
    if (standing_.epoch >= options.epochs) return true;
    if (keeps_best() && standing_.epoch - standing_.best_epoch >= options.patience) return true;
    return options.time_budget && standing_.epoch > 0 && spent >= Steady(*options.time_budget);
  }

  Status RunEpoch() {
    const double training_loss = descent_.Epoch(standing_.epoch, session_.training, standing_.now);
    auto losses = descent_.RowLosses(session_.stopping, standing_.now);
    const double stopping_loss = losses.empty() ? training_loss : stopping_.Mean(losses);
    ++standing_.epoch;
    if (!(training_loss < kDivergedLoss && stopping_loss < kDivergedLoss)) {
      return Error{.code = "E0304",
                   .message = fmt::format("the loss of epoch {} is not a finite number at learning rate {}",
                                          standing_.epoch, job_.options.learning_rate),
                   .where = {.key = "training_config.learning_rate"},
                   .hint = fmt::format("write `learning_rate: {}`", job_.options.learning_rate / 10)};
    }
    standing_.training_losses.push_back(training_loss);
    standing_.stopping_losses.push_back(stopping_loss);
    if (losses.empty() || stopping_.Offer(std::move(losses))) {
      standing_.best_loss = stopping_loss;
      standing_.best_epoch = standing_.epoch;
      standing_.best = standing_.now;
      standing_.least_losses = stopping_.least();
    }
    return Ok();
  }

  const TrainJob& job_;
  Session session_;
  TrainPorts ports_;
  std::string digest_;
  Stopping stopping_;
  Descent descent_;
  Standing standing_;
};

Status CheckOptions(const TrainOptions& options) {
  const auto refuse = [](std::string_view key, std::string message) {
    return Error{
        .code = "E0102", .message = std::move(message), .where = {.key = fmt::format("training_config.{}", key)}};
  };
  if (options.hidden.empty()) return refuse("hidden", "`hidden` names no layer; at least one is needed");
  for (const int units : options.hidden) {
    if (units < 1) return refuse("hidden", fmt::format("`hidden` asks for a layer of {} units", units));
  }
  if (options.batch_size < 1)
    return refuse("batch_size", fmt::format("`batch_size` is {}, it must be at least 1", options.batch_size));
  if (options.epochs < 1) return refuse("epochs", fmt::format("`epochs` is {}, it must be at least 1", options.epochs));
  if (!(options.learning_rate > 0))
    return refuse("learning_rate", fmt::format("`learning_rate` is {}, it must be above 0", options.learning_rate));
  if (!(options.dropout >= 0 && options.dropout < 1))
    return refuse("dropout", fmt::format("`dropout` is {}, it must be in [0, 1)", options.dropout));
  if (!(options.replay_fraction >= 0 && options.replay_fraction < 1)) {
    return refuse("replay_fraction",
                  fmt::format("`replay_fraction` is {}, it must be in [0, 1)", options.replay_fraction));
  }
  return Ok();
}

}  // namespace

Result<TrainOutcome> TrainMlp(const TrainJob& job, const model::Artifact* base, const data::Table& training,
                              const data::Table& stopping, const model::mlp::Kernels& kernels, TrainPorts ports,
                              const OnProgress& on_progress) {
  TRY_OK(CheckOptions(job.options));
  TRY(Session session, Prepare(job, base, training, stopping));
  Training run(job, std::move(session), kernels, ports);
  TRY_OK(run.Run(on_progress));
  return run.Outcome();
}

}  // namespace retrain::train::mlp
