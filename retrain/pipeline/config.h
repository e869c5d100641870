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

// One entry of `notifications`: who is told of what. A secret stands here by the name of its environment variable
// alone: the config is kept in the journal.
struct NotificationOptions {
  std::string type;                      // "webhook", "slack", "email"
  std::string url = {};                  // http(s); of "email": smtp(s)://host:port. May hold ${NAME}
  std::vector<std::string> events = {};  // of kEventTypes; empty: all
  std::string secret = {};               // webhook: ${NAME}
  std::string from = {};                 // email
  std::vector<std::string> to = {};
  std::string user = {};
  std::string password = {};  // ${NAME}

  bool operator==(const NotificationOptions&) const = default;
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
  std::vector<NotificationOptions> notifications;

  bool operator==(const Config&) const = default;
};

}  // namespace retrain::pipeline
