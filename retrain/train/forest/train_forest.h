#pragma once

#include "retrain/train/trainer.h"

namespace retrain::train::forest {

// Trains trees of the library that `job.options.model` names, on tables that can be read twice; ranges and paths of the
// job are not looked at. full: boosts at most `epochs` rounds and keeps those up to the least stopping loss.
// incremental and transfer: the splits of the base stay and its leaves are renewed, by several decays; the one that
// predicts the stopping rows best is kept, the base itself among them. Deterministic: an
// interrupted training that begins again gives the same bytes.
Result<TrainOutcome> TrainForest(const TrainJob& job, const model::Artifact* base, const data::Table& training,
                                 const data::Table& stopping, TrainPorts ports, const OnProgress& on_progress);

}  // namespace retrain::train::forest
