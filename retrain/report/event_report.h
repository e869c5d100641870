#pragma once

#include <optional>
#include <string>

#include "retrain/pipeline/outbox.h"
#include "retrain/pipeline/run.h"

namespace retrain::report {

// An event in one sentence; `run` is the one that it speaks of, if it does.
std::string EventSentence(const pipeline::Event& event, const std::optional<pipeline::Run>& run);

// What goes with it: the fields of the run as `retrain run --json` has them, else what the event itself holds.
Json EventData(const pipeline::Event& event, const std::optional<pipeline::Run>& run);

}  // namespace retrain::report
