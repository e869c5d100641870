#pragma once

#include "retrain/pipeline/config.h"

namespace retrain::pipeline {

// What no single key can know: settings that contradict each other (E0105), a cron that is none, a minimum
// improvement that no model can reach (E0102). All at once.
Status CheckConfig(const Config& config);

}  // namespace retrain::pipeline
