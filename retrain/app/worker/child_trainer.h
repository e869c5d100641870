#pragma once

#include "retrain/base/process.h"
#include "retrain/base/state_fs.h"
#include "retrain/train/trainer.h"

namespace retrain::app {

// Trains in a child process (`retrain worker`), so that a crash there is a failed run with its reason and never a
// dead engine. Job and artifact pass through files beside the job's checkpoint; progress comes as JSON lines.
class ChildTrainer final : public train::Trainer {
 public:
  ChildTrainer(StateFs& files, ProcessRunner& processes) : files_(files), processes_(processes) {}
  Result<train::TrainOutcome> Train(const train::TrainJob& job, const train::OnProgress& on_progress) override;

 private:
  StateFs& files_;
  ProcessRunner& processes_;
};

// The child's side: trains the job in the file `job` and leaves the artifact in `artifact`. Returns the exit code;
// what went wrong is a line on standard output.
int RunWorker(const std::string& job, const std::string& artifact);

}  // namespace retrain::app
