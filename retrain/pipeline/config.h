#pragma once

#include <string>
#include <vector>

#include "retrain/base/json.h"
#include "retrain/data/roles.h"
#include "retrain/decide/gate.h"
#include "retrain/decide/trigger_options.h"
#include "retrain/train/trainer.h"

namespace retrain::pipeline {

// The user's `deployment_config`.
struct DeploymentOptions {
  std::string shadow = "auto";  // "auto", "off", "required"

  bool operator==(const DeploymentOptions&) const = default;
};

// All that a pipeline is told. app/config reads it from YAML or from Python's setup(), which checks it; a value here
// is in range. Paths are absolute or relative to the working folder.
struct Config {
  train::Strategy strategy = train::Strategy::kIncremental;
  std::vector<decide::TriggerOptions> triggers;
  decide::TriggerLimits limits;
  data::DataOptions data;
  train::TrainOptions training;
  decide::GateOptions gate;
  DeploymentOptions deployment;

  bool operator==(const Config&) const = default;
};

}  // namespace retrain::pipeline
