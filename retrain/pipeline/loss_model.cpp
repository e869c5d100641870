#include "retrain/pipeline/loss_model.h"

#include <algorithm>
#include <optional>

#include "retrain/model/mlp/kernel_loader.h"
#include "retrain/train/mlp/train_mlp.h"

namespace retrain::pipeline {
namespace {

constexpr const char* kSaid = "the prediction";
constexpr const char* kLoss = "its loss";

// No budget is set, so that no time is asked for but to tell the speed to nobody.
class NoClock final : public Clock {
 public:
  Instant Now() override { return {}; }
  Steady SteadyNow() override { return {}; }
};

class FrameSource final : public data::TableSource {
 public:
  explicit FrameSource(const std::vector<data::Frame>& frames) : frames_(frames) {}
  const data::Schema& schema() const override { return schema_; }
  Result<std::optional<data::Frame>> Next() override {
    if (next_ == frames_.size()) return std::optional<data::Frame>();
    return std::optional(frames_[next_++]);
  }

 private:
  const std::vector<data::Frame>& frames_;
  data::Schema schema_ = frames_.empty() ? data::Schema() : frames_.front().schema();
  std::size_t next_ = 0;
};

class FrameTable final : public data::Table {
 public:
  explicit FrameTable(std::vector<data::Frame> frames) : frames_(std::move(frames)) {}
  Result<std::unique_ptr<data::TableSource>> Open() const override {
    return std::unique_ptr<data::TableSource>(std::make_unique<FrameSource>(frames_));
  }

 private:
  std::vector<data::Frame> frames_;
};

data::Frame WithColumn(const data::Frame& frame, const char* name, std::span<const double> values) {
  struct Storage {
    data::Frame frame;
    std::vector<double> values;
  };
  auto storage = std::make_shared<Storage>(Storage{frame, {values.begin(), values.end()}});
  auto schema = frame.schema();
  schema.fields.push_back({name, data::ColumnType::kNumber});
  std::vector<data::Column> columns;
  for (std::size_t i = 0; i + 1 < schema.fields.size(); ++i) columns.push_back(frame.column(i));
  columns.push_back({.numbers = storage->values});
  return {std::move(schema), std::move(columns), frame.rows(), std::move(storage)};
}

// The rows from `begin` to `end` of all frames together, or all but these.
std::vector<data::Frame> Rows(const std::vector<data::Frame>& frames, std::int64_t begin, std::int64_t end,
                              bool inside) {
  std::vector<data::Frame> rows;
  std::int64_t first = 0;
  const auto take = [&](const data::Frame& frame, std::int64_t from, std::int64_t to) {
    from = std::clamp<std::int64_t>(from - first, 0, frame.rows());
    to = std::clamp<std::int64_t>(to - first, 0, frame.rows());
    if (from < to) rows.push_back(frame.Slice(from, to - from));
  };
  for (const auto& frame : frames) {
    if (inside) {
      take(frame, begin, end);
    } else {
      take(frame, first, begin);
      take(frame, end, first + frame.rows());
    }
    first += frame.rows();
  }
  return rows;
}

}  // namespace

std::vector<data::Field> LossFeatures(const model::Contract& contract) {
  auto features = contract.roles.features;
  features.push_back({kSaid, data::ColumnType::kNumber});
  return features;
}

data::Frame WithSaid(const data::Frame& rows, std::span<const double> said) { return WithColumn(rows, kSaid, said); }

Result<std::unique_ptr<model::Model>> TrainLossModel(StateFs& files, const model::Contract& contract,
                                                     const std::vector<data::Frame>& frames,
                                                     std::span<const double> losses) {
  train::TrainJob job;
  job.contract.roles = {.target = kLoss, .features = LossFeatures(contract), .categorical = contract.roles.categorical};
  job.contract.labels = {.task = data::Task::kRegression, .type = data::ColumnType::kNumber};
  job.options.early_stopping = false;
  job.options.hidden = {32};
  job.options.batch_size = 64;
  job.options.learning_rate = 3e-3;
  job.options.epochs = std::clamp(static_cast<int>(100'000 / std::max<std::size_t>(1, losses.size())), 5, 100);
  job.options.replay_rows = 1;
  std::vector<data::Frame> labelled;
  std::size_t first = 0;
  for (const auto& frame : frames) {
    const auto count = static_cast<std::size_t>(frame.rows());
    labelled.push_back(WithColumn(frame, kLoss, losses.subspan(first, count)));
    first += count;
  }
  NoClock clock;
  Serial serial;
  TRY(const auto outcome, train::mlp::TrainMlp(job, nullptr, FrameTable(std::move(labelled)), FrameTable({}),
                                               model::mlp::BestKernels(), {files, clock, serial}, nullptr));
  TRY(const auto artifact, model::Decode(outcome.artifact, "a model of losses"));
  return model::LoadModel(artifact);
}

Result<std::vector<double>> HeldOutLosses(StateFs& files, const model::Contract& contract,
                                          const std::vector<data::Frame>& frames, std::span<const double> losses) {
  constexpr std::int64_t kFolds = 5;
  const auto rows = std::ssize(losses);
  std::vector<double> predicted;
  for (std::int64_t fold = 0; fold < kFolds; ++fold) {
    const auto begin = fold * rows / kFolds;
    const auto end = (fold + 1) * rows / kFolds;
    std::vector<double> others(losses.begin(), losses.begin() + begin);
    others.insert(others.end(), losses.begin() + end, losses.end());
    TRY(const auto model, TrainLossModel(files, contract, Rows(frames, begin, end, false), others));
    for (const auto& frame : Rows(frames, begin, end, true)) {
      TRY(const auto said, model->Predict(frame));
      predicted.insert(predicted.end(), said.values.begin(), said.values.end());
    }
  }
  return predicted;
}

}  // namespace retrain::pipeline
