#pragma once

#include <string>

#include "retrain/pipeline/config.h"
#include "retrain/pipeline/home.h"
#include "retrain/pipeline/run.h"

namespace retrain::pipeline {

// All that the training of a run depends on. REQUIRES: run.contract, so it is prepared. Errors of the registry.
Result<train::TrainJob> TrainJobOf(Home& home, const Config& config, const Run& run, std::string checkpoint);

}  // namespace retrain::pipeline
