#pragma once

#include "retrain/model/mlp/kernels/kernels.h"
#include "retrain/train/trainer.h"

namespace retrain::train::mlp {

// Trains the native network on tables that can be read twice. `job` names strategy, options, contract and checkpoint;
// its file ranges and base path are not looked at: the rows and the base are handed in. Deterministic: the same job and
// rows give the same bytes with any number of threads and however often it was interrupted, as long as no time budget
// ends it and the instruction set is the same.
Result<TrainOutcome> TrainMlp(const TrainJob& job, const model::Artifact* base, const data::Table& training,
                              const data::Table& stopping, const model::mlp::Kernels& kernels, TrainPorts ports,
                              const OnProgress& on_progress);

}  // namespace retrain::train::mlp
