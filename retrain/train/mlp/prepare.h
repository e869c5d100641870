#pragma once

#include "retrain/base/state_fs.h"
#include "retrain/train/mlp/descent.h"
#include "retrain/train/mlp/reservoir.h"
#include "retrain/train/trainer.h"

namespace retrain::train::mlp {

// A training with its data read and encoded, just before its first epoch.
struct Session {
  model::mlp::Encoder encoder;
  model::mlp::Layout layout;
  Parameters start;          // fresh, or the base's
  bool has_base = false;     // then `start` is a candidate too: epoch 0
  std::int64_t updates = 0;  // incremental ones since the last fresh start
  std::int64_t new_rows = 0;
  model::mlp::EncodedRows training;  // the new rows, then the replayed ones
  model::mlp::EncodedRows stopping;
  Reservoir reservoir;  // the new rows taken in
};

// Reads the job's rows (once for what the encoder has to know, once to encode them) and its base. E0214 without rows;
// E0307 for a base that the strategy cannot start from, naming what differs; and the data's own errors.
Result<Session> Prepare(const TrainJob& job, const model::Artifact* base, const data::Table& training,
                        const data::Table& stopping);

}  // namespace retrain::train::mlp
