#include "retrain/train/mlp/prepare.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "retrain/model/mlp/encoder_fit.h"
#include "retrain/train/continuation.h"
#include "retrain/train/mlp/growth.h"

namespace retrain::train::mlp {
namespace {

using model::mlp::EncodedRows;
using model::mlp::Encoder;
using model::mlp::EncoderFit;
using model::mlp::Layout;

std::string UnitsText(const std::vector<std::int32_t>& hidden) { return fmt::format("{}", fmt::join(hidden, ", ")); }

// Whether the network of the base fits what is asked for.
Status CheckBase(const TrainJob& job, const model::Artifact& base, const Layout& layout) {
  TRY_OK(CheckSameInputs(base.contract, job.contract));
  const std::vector<std::int32_t> hidden(job.options.hidden.begin(), job.options.hidden.end());
  if (hidden != layout.shape.hidden) {
    return CannotStart(fmt::format("the champion has hidden layers of {} units, the config asks for {}",
                                   UnitsText(layout.shape.hidden), UnitsText(hidden)),
                       fmt::format("write `hidden: [{}]`, or run `retrain run full`", UnitsText(layout.shape.hidden)));
  }
  if (job.strategy == Strategy::kTransfer) return Ok();
  return CheckSameLabels(base.contract.labels, job.contract.labels);
}

// What one pass over the new rows tells: their number, and an encoder fitted to them, or the base's with their levels.
struct Surveyed {
  Encoder encoder;
  std::int64_t rows;
};

Result<Surveyed> Survey(const TrainJob& job, const data::Table& table, const Encoder* base) {
  EncoderFit fit(job.contract, job.options.one_hot_levels);
  TRY_OK(
      ForEachFrame(table, job.contract, [&](const LabelledRows& frame) { return fit.Add(frame.rows, frame.targets); }));
  if (fit.rows() == 0) return Error{"E0214", "there is no row to train on"};
  if (base == nullptr) return Surveyed{fit.Fit(), fit.rows()};
  Surveyed surveyed{fit.Extend(*base), fit.rows()};
  if (job.strategy == Strategy::kTransfer) surveyed.encoder.TakeTargetsOf(fit.Fit());
  return surveyed;
}

Status AppendRows(const data::Task task, const Encoder& encoder, const LabelledRows& frame, EncodedRows& into) {
  TRY_OK(encoder.Append(frame.rows, into));
  encoder.AppendLabels(task, frame.targets, into);
  for (const double weight : frame.weights) into.weights.push_back(static_cast<float>(weight));
  return Ok();
}

void Reserve(const Encoder& encoder, std::int64_t rows, EncodedRows& into) {
  into.numbers.reserve(static_cast<std::size_t>(rows) * encoder.numbers.size());
  into.codes.reserve(static_cast<std::size_t>(rows) * encoder.categories.size());
  into.labels.reserve(static_cast<std::size_t>(rows));
}

// Weights with mean 1, so that they do not change the learning rate.
Status NormaliseWeights(std::string_view which, EncodedRows& rows) {
  if (rows.weights.empty()) return Ok();
  const double mean =
      std::accumulate(rows.weights.begin(), rows.weights.end(), 0.0) / static_cast<double>(rows.weights.size());
  if (!(mean > 0)) return Error{"E0215", fmt::format("all {} rows have weight 0", which)};
  for (auto& weight : rows.weights) weight = static_cast<float>(weight / mean);
  return Ok();
}

// The second pass: encodes the new rows, replays old ones behind them, and takes the new ones into the reservoir.
Status ReadRows(const TrainJob& job, const data::Table& training, const data::Table& stopping, std::int64_t rows,
                Session& session) {
  const auto task = job.contract.labels.task;
  const bool replays = job.strategy == Strategy::kIncremental && job.options.replay_fraction > 0;
  Reserve(session.encoder, rows + (replays ? session.reservoir.rows() : 0), session.training);
  EncodedRows replayed;
  if (replays) {
    const auto frame = session.reservoir.ToFrame();
    TRY_OK(
        AppendRows(task, session.encoder, {frame, session.reservoir.targets(), session.reservoir.weights()}, replayed));
  }
  const auto take_new = [&](const LabelledRows& frame) -> Status {
    TRY_OK(AppendRows(task, session.encoder, frame, session.training));
    session.reservoir.Add(frame);
    return Ok();
  };
  TRY_OK(ForEachFrame(training, job.contract, take_new));
  session.new_rows = session.training.rows;
  const auto append = [](auto& to, const auto& from) { to.insert(to.end(), from.begin(), from.end()); };
  append(session.training.numbers, replayed.numbers);
  append(session.training.codes, replayed.codes);
  append(session.training.labels, replayed.labels);
  append(session.training.weights, replayed.weights);
  session.training.rows += replayed.rows;
  TRY_OK(NormaliseWeights("training", session.training));
  TRY_OK(ForEachFrame(stopping, job.contract, [&](const LabelledRows& frame) {
    return AppendRows(task, session.encoder, frame, session.stopping);
  }));
  return NormaliseWeights("stopping", session.stopping);
}

Session NewSession(const TrainJob& job, Encoder encoder, std::vector<std::int32_t> hidden, Reservoir reservoir) {
  Layout layout(encoder.ShapeOf(std::move(hidden), job.contract.labels));
  return {.encoder = std::move(encoder),
          .layout = std::move(layout),
          .start = {},
          .training = {},
          .stopping = {},
          .reservoir = std::move(reservoir)};
}

Reservoir NewReservoir(const TrainJob& job) {
  return {job.contract, job.options.replay_rows, DeriveSeed(job.options.seed, "reservoir")};
}

Result<Session> FreshSession(const TrainJob& job, const data::Table& training, const data::Table& stopping) {
  TRY(Surveyed surveyed, Survey(job, training, nullptr));
  Session session = NewSession(job, std::move(surveyed.encoder), {job.options.hidden.begin(), job.options.hidden.end()},
                               NewReservoir(job));
  TRY_OK(ReadRows(job, training, stopping, surveyed.rows, session));
  session.start = FreshParameters(session.layout, session.training, job.contract.labels.task, job.options.seed);
  return session;
}

Result<Parameters> LoadParameters(const model::Artifact& base, model::mlp::Network&& network) {
  Parameters parameters{
      .weights = std::move(network.weights), .mean = {}, .square = {}, .steps = base.info["steps"].AsInt()};
  TRY(parameters.mean, model::mlp::LoadFloats(base, "adam_mean", network.layout.size));
  TRY(parameters.square, model::mlp::LoadFloats(base, "adam_square", network.layout.size));
  return parameters;
}

Result<Reservoir> ReservoirOf(const TrainJob& job, const model::Artifact& base) {
  const auto replay = base.sections.find("replay");
  if (replay == base.sections.end()) return Error{"E0301", "the model has no section `replay`"};
  return Reservoir::FromBytes(replay->second, job.contract, job.options.replay_rows);
}

// Incremental: weights, Adam's memory, scaling, categories and replayed rows of the base go on. Transfer: its body and
// scaling do, with a fresh memory; the head too when it speaks of the same classes.
Result<Session> SessionFrom(const TrainJob& job, const model::Artifact& base, const data::Table& training,
                            const data::Table& stopping) {
  if (base.family != model::mlp::kFamily)
    return CannotStart(fmt::format("the champion is of the family `{}`, not a network", base.family));
  TRY(auto network, model::mlp::LoadNetwork(base));
  TRY_OK(CheckBase(job, base, network.layout));
  TRY(Surveyed surveyed, Survey(job, training, &network.encoder));
  const Layout before = network.layout;
  TRY(const auto parameters, LoadParameters(base, std::move(network)));
  const bool transfer = job.strategy == Strategy::kTransfer;
  Reservoir reservoir = NewReservoir(job);
  if (!transfer) {
    TRY(reservoir, ReservoirOf(job, base));
  }
  Session session = NewSession(job, std::move(surveyed.encoder), before.shape.hidden, std::move(reservoir));
  TRY_OK(ReadRows(job, training, stopping, surveyed.rows, session));
  session.start = Transplant(parameters, before, session.layout, job.options.seed);
  session.updates = transfer ? 0 : base.info["updates"].AsInt() + 1;
  const auto& labels = job.contract.labels;
  const bool same_head = base.contract.labels == labels && !(transfer && labels.task == data::Task::kRegression);
  session.has_base = same_head;
  if (transfer) ForgetGradients(session.start);
  if (!same_head) RestartHead(session.layout, session.training, labels.task, session.start);
  return session;
}

}  // namespace

Result<Session> Prepare(const TrainJob& job, const model::Artifact* base, const data::Table& training,
                        const data::Table& stopping) {
  if (job.strategy == Strategy::kFull) return FreshSession(job, training, stopping);
  if (base == nullptr)
    return CannotStart(fmt::format("the strategy `{}` needs a champion to start from", Name(job.strategy)));
  return SessionFrom(job, *base, training, stopping);
}

}  // namespace retrain::train::mlp
