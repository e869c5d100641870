#pragma once

#include "retrain/data/files.h"
#include "retrain/decide/triggers.h"
#include "retrain/drift/profile.h"
#include "retrain/model/model.h"
#include "retrain/pipeline/run.h"

namespace retrain::pipeline {

// What rows that wait are held against: the champion. Borrowed.
struct DriftBaseline {
  StateFs& files;
  const Run& run;  // that made it
  const drift::Profile& reference;
  const model::Model& model;
};

// One window of a drift_detected trigger, by its method, as numbers that can be kept. The default method reads only the
// window; any other reads the champion's training rows beside it. Errors of the data, and E0214 where the method finds
// nothing to compare.
Result<Json> MeasureDrift(const DriftBaseline& baseline, const decide::TriggerOptions& trigger,
                          const std::vector<data::FileRange>& window);

decide::DriftWindow DriftWindowOf(const Json& numbers);  // chunks are left at 0

}  // namespace retrain::pipeline
