#pragma once

#include <string>
#include <vector>

#include "retrain/pipeline/fields.h"

// The part of a config that tells when to retrain. Private to pipeline.
namespace retrain::pipeline {

std::vector<std::string> MetricNames();

// The keys of `triggers` and of `limits`.
void DescribeTriggers(Fields& fields, Config& config);

// What no single key of a trigger can know: E0105, or E0102 for what this version cannot do.
void CheckTriggers(const Config& config, std::vector<Error>& found);

}  // namespace retrain::pipeline
