#pragma once

#include <string>
#include <vector>

#include "retrain/base/json.h"
#include "retrain/data/roles.h"
#include "retrain/decide/gate.h"
#include "retrain/train/trainer.h"

namespace retrain::pipeline {

// One entry of `triggers`, as the user wrote it and checked: every type is known, its keys are complete and in range.
struct TriggerOptions {
  std::string type;                  // "manual", "scheduled", "drift_detected", "performance_drop", "new_data"
  std::string cron = {};             // scheduled: five fields
  std::string metric = {};           // performance_drop
  double threshold = 0;              // drift_detected, performance_drop
  std::int64_t min_new_samples = 0;  // new_data

  bool operator==(const TriggerOptions&) const = default;
};

// The user's `deployment_config`.
struct DeploymentOptions {
  std::string shadow = "auto";  // "auto", "off", "required"

  bool operator==(const DeploymentOptions&) const = default;
};

// All that a pipeline is told. app/config reads it from YAML or from Python's setup(), which checks it; a value here
// is in range. Paths are absolute or relative to the working folder.
struct Config {
  train::Strategy strategy = train::Strategy::kIncremental;
  std::vector<TriggerOptions> triggers;
  data::DataOptions data;
  train::TrainOptions training;
  decide::GateOptions gate;
  DeploymentOptions deployment;

  bool operator==(const Config&) const = default;
};

}  // namespace retrain::pipeline
