#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "retrain/base/clock.h"
#include "retrain/base/parallel.h"
#include "retrain/base/state_fs.h"
#include "retrain/data/files.h"
#include "retrain/data/roles.h"
#include "retrain/model/artifact.h"

namespace retrain::train {

enum class Strategy { kFull, kIncremental, kTransfer };

std::string_view Name(Strategy strategy);  // "full", "incremental", "transfer"
Result<Strategy> StrategyFromName(std::string_view name);

// The user's `training_config` and `model_config`. The defaults are what the config leaves out, for an mlp.
struct TrainOptions {
  std::string model = "mlp";    // or lightgbm, xgboost
  int epochs = 30;              // most passes over the rows; of trees: rounds of boosting
  double learning_rate = 1e-3;  // peak; of trees: what each is multiplied with
  bool early_stopping = true;   // stop after `patience` epochs without a better stopping loss
  int patience = 10;
  int batch_size = 256;                  // rows
  std::vector<int> hidden = {128, 128};  // units of each hidden layer
  int one_hot_levels = 9;                // categories with more levels are embedded in 8 numbers each
  int leaves = 31;                       // most, of a tree
  double dropout = 0;                    // share of units dropped
  double weight_decay = 0;               // decoupled, a share of the weight an update at peak rate
  double replay_fraction = 0.25;         // of an incremental batch, drawn from the reservoir
  std::int64_t replay_rows = 10'000;     // size of the reservoir
  std::optional<std::chrono::seconds> time_budget;
  std::uint64_t seed = 7;
  int threads = 1;

  bool operator==(const TrainOptions&) const = default;
};

// What is left out for a model of this family: trees take larger steps than a network, and more of them.
TrainOptions DefaultsFor(std::string_view model);

Json ToJson(const TrainOptions& options);
Result<TrainOptions> TrainOptionsFromJson(const Json& json);

using data::FileRange;

// All that a training depends on. The same job gives the same artifact bytes, wherever and however often it runs.
struct TrainJob {
  Strategy strategy = Strategy::kFull;
  TrainOptions options;
  model::Contract contract;         // the base's when there is one, with what the new data add to it
  std::vector<FileRange> training;  // older to newer
  std::vector<FileRange> stopping;  // the rows after them: early stopping looks here
  std::string base_artifact;        // path; empty: none
  std::string checkpoint;           // path that may be written after each epoch, and is read when it is there

  bool operator==(const TrainJob&) const = default;
};

Json ToJson(const TrainJob& job);
Result<TrainJob> TrainJobFromJson(const Json& json);

// What a training tells while it runs.
struct Progress {
  int epoch = 0;   // that ended; from 1
  int epochs = 0;  // most there will be
  double training_loss = 0;
  double stopping_loss = 0;
  double rows_per_second = 0;
  bool operator==(const Progress&) const = default;
};

// Returns false to ask for an end: the training then fails with E0303 "stopped".
using OnProgress = std::function<bool(const Progress&)>;

struct TrainOutcome {
  std::string artifact;   // the bytes
  int epochs = 0;         // run
  int best_epoch = 0;     // whose weights these are
  double best_loss = 0;   // on the stopping rows
  std::int64_t rows = 0;  // trained on, replayed ones left out
  bool operator==(const TrainOutcome&) const = default;
};

// What a training may use of the world. Borrowed: all outlive the call.
struct TrainPorts {
  StateFs& files;
  Clock& clock;
  Parallel& parallel;
};

// Trains one job to its end. Implementations: in this process (below), in a child process (app/), scripted (testing/).
class Trainer {
 public:
  virtual ~Trainer() = default;
  virtual Result<TrainOutcome> Train(const TrainJob& job, const OnProgress& on_progress) = 0;
};

// Runs the learner that `options.model` names, here and now.
class InProcessTrainer final : public Trainer {
 public:
  explicit InProcessTrainer(TrainPorts ports) : ports_(ports) {}
  Result<TrainOutcome> Train(const TrainJob& job, const OnProgress& on_progress) override;

 private:
  TrainPorts ports_;
};

}  // namespace retrain::train
