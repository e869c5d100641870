#pragma once

#include "retrain/data/file_names.h"
#include "retrain/pipeline/config.h"
#include "retrain/pipeline/home.h"
#include "retrain/pipeline/run.h"

namespace retrain::pipeline {

// Where the kept bytes of the run's validation files lie, in order: whole files.
std::vector<data::FileRange> ValidationFiles(Home& home, const Run& run);

// The names under which the run's files arrived: an error at any stage speaks of these, not of the kept bytes.
Result<data::FileNames> ArrivalNames(Home& home, const Config& config, const Run& run);

}  // namespace retrain::pipeline
