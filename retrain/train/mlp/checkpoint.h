#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/train/mlp/descent.h"

namespace retrain::train::mlp {

// Where a training stands after an epoch. With the session prepared anew from the same job, it goes on from here to
// the same bytes.
struct Standing {
  int epoch = 0;  // that ended
  Parameters now;
  Parameters best;
  int best_epoch = 0;  // 0: the base
  double best_loss = 0;
  std::vector<double> least_losses;     // Stopping::least
  std::vector<double> training_losses;  // of each epoch
  std::vector<double> stopping_losses;

  bool operator==(const Standing&) const = default;
};

// Writes the standing of the job that `job_digest` names; after Ok it survives power loss.
Status WriteCheckpoint(StateFs& files, const std::string& path, const std::string& job_digest,
                       const Standing& standing);

// The standing in a file; nothing when there is none, when it is damaged, or belongs to another job: then the training
// starts from its beginning, which costs time and nothing else.
std::optional<Standing> ReadCheckpoint(StateFs& files, const std::string& path, const std::string& job_digest,
                                       std::int64_t parameters);

}  // namespace retrain::train::mlp
