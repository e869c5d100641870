#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "retrain/base/parallel.h"
#include "retrain/base/random.h"
#include "retrain/model/mlp/mlp_model.h"
#include "retrain/model/mlp/network.h"
#include "retrain/train/trainer.h"

namespace retrain::train::mlp {

// A network in training: its parameters and Adam's memory of their gradients.
struct Parameters {
  model::mlp::Floats weights, mean, square;
  std::int64_t steps = 0;  // of Adam, ever

  bool operator==(const Parameters&) const = default;
};

// How fast to learn at each step of a session: linear warm-up over the first tenth, then a cosine to 0 (Loshchilov and
// Hutter 2017). Share of the peak rate.
double RateShare(std::int64_t step, std::int64_t steps);

// What one session of gradient descent does to its parameters.
struct DescentOptions {
  data::Task task = data::Task::kBinary;
  int epochs = 1;
  std::int64_t batch_size = 256;
  double learning_rate = 1e-3;  // peak
  double body_rate = 1;         // share of it for all but the head
  double dropout = 0;
  double weight_decay = 0;
  double code_dropout = 1.0 / 64;
  double replay_fraction = 0;  // of a batch, drawn from the rows after `new_rows`
  std::int64_t new_rows = 0;   // of the table; an epoch is one pass over them
  std::uint64_t seed = 7;
};

// Mini-batch Adam (beta 0.9, 0.95). A batch is cut into shards by its size alone and their gradients are added in their
// order, so the bits do not depend on the number of threads. An epoch's order and noise follow from the seed and its
// number: a session that stops after an epoch can go on from the parameters. Borrows all it is given.
class Descent final {
 public:
  Descent(const model::mlp::Kernels& kernels, const model::mlp::Layout& layout, Parallel& parallel,
          const DescentOptions& options);

  // One pass over the new rows. Returns the mean training loss; not finite when the training diverged.
  double Epoch(int epoch, const model::mlp::EncodedRows& rows, Parameters& parameters);  // epoch counts from 0

  // The loss of each row: log loss, or half the squared error of the standardised value. Weights are left out.
  std::vector<double> RowLosses(const model::mlp::EncodedRows& rows, const Parameters& parameters);

 private:
  void ShuffleNewRows(Rng& rng);
  std::int64_t FillBatch(std::int64_t first, std::int64_t all_rows, Rng& rng);  // returns the new rows in it
  double Step(const model::mlp::EncodedRows& rows, std::int64_t count, std::uint64_t noise_seed, double rate_share,
              Parameters& parameters);
  void Update(double rate_share, Parameters& parameters);
  std::int64_t new_per_batch() const;

  const model::mlp::Kernels& kernels_;
  const model::mlp::Layout& layout_;
  Parallel& parallel_;
  DescentOptions options_;
  std::vector<std::unique_ptr<model::mlp::Pass>> passes_;  // one a shard
  std::vector<model::mlp::Floats> gradients_;              // one a shard
  std::vector<const float*> gradient_of_;
  std::vector<double> losses_;  // one a shard
  std::vector<std::uint32_t> order_, batch_;
};

}  // namespace retrain::train::mlp
