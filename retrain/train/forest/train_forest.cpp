#include "retrain/train/forest/train_forest.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "retrain/base/random.h"
#include "retrain/model/mlp/encoder_fit.h"
#include "retrain/train/continuation.h"
#include "retrain/train/forest/grower.h"
#include "retrain/train/forest/renewal.h"
#include "retrain/train/slice.h"

namespace retrain::train::forest {
namespace {

using model::forest::Forest;
using model::forest::GrownForest;
using model::mlp::Encoder;
using model::mlp::EncoderFit;

constexpr double kDecays[] = {0.5, 0.9, 0.0};  // of renewals; the first one when no row can tell
constexpr int kRenewals = std::size(kDecays);
constexpr double kLeastShare = 1e-15;

// What was learned, with the loss that speaks for it.
struct Learned {
  GrownForest grown;
  int rounds = 0, best = 0;  // best 0: the base
  double best_loss = std::numeric_limits<double>::infinity();
  std::int64_t updates = 0;
};

// Log loss, or half the squared error; mean over the rows. `predictions` as links give them.
double Loss(data::Task task, const Matrix& rows, std::span<const double> predictions) {
  const auto outputs = predictions.size() / rows.targets.size();
  double sum = 0, weights = 0;
  for (std::size_t row = 0; row < rows.targets.size(); ++row) {
    const auto target = static_cast<double>(rows.targets[row]);
    const double weight = rows.weights.empty() ? 1 : static_cast<double>(rows.weights[row]);
    const double p = predictions[row * outputs + (outputs > 1 ? static_cast<std::size_t>(target) : 0)];
    const double share = outputs == 1 && target == 0 ? 1 - p : p;
    sum += weight * (task == data::Task::kRegression ? (p - target) * (p - target) / 2
                                                     : -std::log(std::max(share, kLeastShare)));
    weights += weight;
  }
  return sum / weights;
}

double LossOf(data::Task task, const Matrix& rows, const Forest& forest) {
  std::vector<double> scores;
  for (std::size_t row = 0; row < rows.targets.size(); ++row)
    scores.insert(scores.end(), forest.base.begin(), forest.base.end());
  AddScores(forest, rows.values, scores);
  ApplyLink(forest, scores);
  return Loss(task, rows, scores);
}

Result<Matrix> ReadRows(const TrainJob& job, const data::Table& table, const Encoder& encoder, bool single_precision) {
  Matrix matrix;
  const auto append = [&](const LabelledRows& frame) -> Status {
    TRY_OK(model::forest::AppendRows(encoder, single_precision, frame.rows, matrix.values));
    for (const double target : frame.targets) matrix.targets.push_back(static_cast<float>(target));
    for (const double weight : frame.weights) matrix.weights.push_back(static_cast<float>(weight));
    return Ok();
  };
  TRY_OK(ForEachFrame(table, job.contract, append));
  const auto& weights = matrix.weights;
  if (!weights.empty() && std::all_of(weights.begin(), weights.end(), [](float weight) { return weight == 0; }))
    return Error{"E0215", "all rows have weight 0"};
  return matrix;
}

// One pass over the rows: what their features are. E0214 without rows.
Result<EncoderFit> Survey(const TrainJob& job, const data::Table& training) {
  EncoderFit fit(job.contract, static_cast<int>(model::mlp::kMostLevels));  // codes of all levels alike
  TRY_OK(ForEachFrame(training, job.contract,
                      [&](const LabelledRows& frame) { return fit.Add(frame.rows, frame.targets); }));
  if (fit.rows() == 0) return Error{"E0214", "there is no row to train on"};
  return fit;
}

// The scores of the constant that fits the rows best.
std::vector<double> BaseScores(const data::Labels& labels, const Matrix& rows) {
  const bool many = labels.task == data::Task::kMulticlass;
  std::vector<double> sums(many ? labels.classes.size() : 1);
  double total = 0;
  for (std::size_t row = 0; row < rows.targets.size(); ++row) {
    const double weight = rows.weights.empty() ? 1 : static_cast<double>(rows.weights[row]);
    const auto target = static_cast<double>(rows.targets[row]);
    total += weight;
    if (many)
      sums[static_cast<std::size_t>(target)] += weight;
    else
      sums[0] += weight * target;
  }
  for (double& sum : sums) {
    const double mean = sum / total, share = std::clamp(mean, kLeastShare, 1 - kLeastShare);
    sum = labels.task == data::Task::kRegression ? mean : many ? std::log(share) : std::log(share / (1 - share));
  }
  return sums;
}

// Tells of a round; false from the other side ends the training.
Status Tell(const OnProgress& on_progress, const Progress& progress) {
  if (!on_progress || on_progress(progress)) return Ok();
  return Error{"E0303", fmt::format("stopped after round {}", progress.epoch)};
}

GrowOptions GrowOptionsOf(const TrainJob& job, const Encoder& encoder, const Matrix& rows) {
  return {.task = job.contract.labels.task,
          .classes = job.contract.labels.classes.size(),
          .numbers = encoder.numbers.size(),
          .categories = encoder.categories.size(),
          .base = BaseScores(job.contract.labels, rows),
          .learning_rate = job.options.learning_rate,
          .leaves = job.options.leaves,
          .seed = DeriveSeed(job.options.seed, "forest"),
          .threads = job.options.threads};
}

// Rounds until the stopping loss has not fallen for `patience` of them. `rows_per_second` counts a round as a pass.
Status Boost(const TrainJob& job, const Matrix& training, const Matrix& stopping, Grower& grower, Clock& clock,
             const OnProgress& on_progress, Learned& learned) {
  const auto& options = job.options;
  const bool judges = options.early_stopping && stopping.rows() > 0;
  const auto began = clock.SteadyNow();
  while (learned.rounds < options.epochs) {
    const auto spent = clock.SteadyNow() - began;
    if (judges && learned.rounds - learned.best >= options.patience) break;
    if (options.time_budget && learned.rounds > 0 && spent >= Steady(*options.time_budget)) break;
    TRY(const bool grew, grower.Round());
    if (!grew && learned.rounds > 0) break;
    ++learned.rounds;
    double loss = std::numeric_limits<double>::quiet_NaN();
    if (stopping.rows() > 0) {
      TRY(const auto predictions, grower.StoppingPredictions());
      loss = Loss(job.contract.labels.task, stopping, predictions);
    }
    if (!judges || loss < learned.best_loss) {
      learned.best = learned.rounds;
      learned.best_loss = loss;
    }
    const double seconds = (clock.SteadyNow() - began).count();
    TRY_OK(Tell(on_progress, {.epoch = learned.rounds,
                              .epochs = options.epochs,
                              .training_loss = loss,
                              .stopping_loss = loss,
                              .rows_per_second =
                                  seconds > 0 ? static_cast<double>(training.rows()) * learned.rounds / seconds : 0}));
    if (!grew) break;
  }
  return Ok();
}

Result<Learned> Grow(const TrainJob& job, const data::Table& training_table, const data::Table& stopping_table,
                     TrainPorts ports, const OnProgress& on_progress, std::int64_t& rows) {
  TRY(const auto fit, Survey(job, training_table));
  Learned learned{.grown = {.encoder = fit.Fit(), .forest = {}}};
  const bool xgboost = job.options.model == model::forest::kXgboost;
  TRY(const Matrix training, ReadRows(job, training_table, learned.grown.encoder, xgboost));
  TRY(const Matrix stopping, ReadRows(job, stopping_table, learned.grown.encoder, xgboost));
  rows = training.rows();
  const auto options = GrowOptionsOf(job, learned.grown.encoder, training);
  TRY(const auto grower,
      xgboost ? NewXgboostGrower(options, training, stopping) : NewLightgbmGrower(options, training, stopping));
  TRY_OK(Boost(job, training, stopping, *grower, ports.clock, on_progress, learned));
  TRY(learned.grown.forest, grower->Grown());
  KeepTrees(static_cast<std::size_t>(learned.best) * learned.grown.forest.base.size(), learned.grown.forest);
  if (stopping.rows() == 0) learned.best_loss = LossOf(options.task, training, learned.grown.forest);
  return learned;
}

// Codes of categories that the base does not know go where its trees send unknown ones; later trees may ask for them.
Result<Learned> Renew(const TrainJob& job, const model::Artifact& base, const data::Table& training_table,
                      const data::Table& stopping_table, const OnProgress& on_progress, std::int64_t& rows) {
  if (base.family != job.options.model)
    return CannotStart(fmt::format("the champion is of the family `{}`, not `{}`", base.family, job.options.model));
  TRY(const auto before, model::forest::LoadForest(base));
  TRY_OK(CheckSameInputs(base.contract, job.contract));
  TRY_OK(CheckSameLabels(base.contract.labels, job.contract.labels));
  TRY(const auto fit, Survey(job, training_table));
  Learned learned{.grown = {.encoder = fit.Extend(before.encoder), .forest = before.forest},
                  .updates = base.info["updates"].AsInt() + 1};
  const auto task = job.contract.labels.task;
  const bool floats = before.forest.single_precision;
  TRY(const Matrix training, ReadRows(job, training_table, learned.grown.encoder, floats));
  TRY(const Matrix stopping, ReadRows(job, stopping_table, learned.grown.encoder, floats));
  rows = training.rows();
  const bool judges = job.options.early_stopping && stopping.rows() > 0;
  if (judges) learned.best_loss = LossOf(task, stopping, before.forest);
  for (const double decay : kDecays) {
    Forest renewed = before.forest;
    RenewLeaves(task, {training.values, training.targets, training.weights}, decay, renewed);
    const double loss = LossOf(task, stopping.rows() > 0 ? stopping : training, renewed);
    ++learned.rounds;
    if (judges ? loss < learned.best_loss : learned.rounds == 1) {
      learned.best = learned.rounds;
      learned.best_loss = loss;
      learned.grown.forest = std::move(renewed);
    }
    TRY_OK(Tell(on_progress,
                {.epoch = learned.rounds, .epochs = kRenewals, .training_loss = loss, .stopping_loss = loss}));
    if (!judges) break;
  }
  return learned;
}

Status CheckOptions(const TrainOptions& options) {
  const auto refuse = [](std::string_view key, std::string message) {
    return Error{
        .code = "E0102", .message = std::move(message), .where = {.key = fmt::format("training_config.{}", key)}};
  };
  if (options.epochs < 1) return refuse("epochs", fmt::format("`epochs` is {}, it must be at least 1", options.epochs));
  if (!(options.learning_rate > 0))
    return refuse("learning_rate", fmt::format("`learning_rate` is {}, it must be above 0", options.learning_rate));
  if (options.leaves < 2) return refuse("leaves", fmt::format("`leaves` is {}, it must be at least 2", options.leaves));
  return Ok();
}

Json OptionsJson(TrainOptions options) {
  if (options.model == model::forest::kLightgbm) options.threads = 1;  // the bytes do not depend on it
  options.time_budget.reset();
  return ToJson(options);
}

}  // namespace

Result<TrainOutcome> TrainForest(const TrainJob& job, const model::Artifact* base, const data::Table& training,
                                 const data::Table& stopping, TrainPorts ports, const OnProgress& on_progress) {
  TRY_OK(CheckOptions(job.options));
  if (job.strategy != Strategy::kFull && base == nullptr)
    return CannotStart(fmt::format("the strategy `{}` needs a champion to start from", Name(job.strategy)));
  std::int64_t rows = 0;
  TRY(const Learned learned, job.strategy == Strategy::kFull
                                 ? Grow(job, training, stopping, ports, on_progress, rows)
                                 : Renew(job, *base, training, stopping, on_progress, rows));
  model::Artifact artifact{.family = job.options.model, .contract = job.contract, .info = {}, .sections = {}};
  artifact.info.Set("strategy", Name(job.strategy)).Set("options", OptionsJson(job.options));
  artifact.info.Set("epochs", learned.rounds).Set("best_epoch", learned.best).Set("best_loss", learned.best_loss);
  artifact.info.Set("trees", static_cast<std::int64_t>(learned.grown.forest.trees.size()))
      .Set("rows", rows)
      .Set("updates", learned.updates);
  SaveForest(learned.grown, artifact);
  return TrainOutcome{.artifact = model::Encode(artifact),
                      .epochs = learned.rounds,
                      .best_epoch = learned.best,
                      .best_loss = learned.best_loss,
                      .rows = rows};
}

}  // namespace retrain::train::forest
