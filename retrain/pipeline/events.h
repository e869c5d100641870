#pragma once

#include <string_view>

#include "retrain/decide/decision.h"
#include "retrain/pipeline/home.h"

// What others are told of, put into the outbox within the transaction of the fact and after its journal entry, from
// whose hash each event has its id.
namespace retrain::pipeline {

// "run.finished", and "model.promoted" or "model.refused" when there was a verdict. REQUIRES: the run has ended.
Status PostRunEnd(Home& home, const Run& run);

// "model.rolled_back" for a move of the kind "rollback", else "model.promoted".
Status PostMove(Home& home, const registry::AliasMove& move, std::string_view kind);

// "drift.detected".
Status PostDrift(Home& home, Instant at, const decide::Decision& decision);

}  // namespace retrain::pipeline
