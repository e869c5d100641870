#pragma once

#include <string_view>

#include "retrain/decide/triggers.h"
#include "retrain/pipeline/config.h"
#include "retrain/pipeline/home.h"

// What others are told of, put into the outbox within the transaction of the fact and after its journal entry, from
// whose hash each event has its id.
namespace retrain::pipeline {

// "run.finished", and "model.promoted" or "model.refused" when there was a verdict. REQUIRES: the run has ended.
Status PostRunEnd(Home& home, const Run& run);

// "model.rolled_back" for a move of the kind "rollback", else "model.promoted".
Status PostMove(Home& home, const registry::AliasMove& move, std::string_view kind);

// "drift.detected" for each trigger of that type that fired.
Status PostDrifts(Home& home, const Config& config, const decide::TriggersAnswer& answer, Instant now);

}  // namespace retrain::pipeline
