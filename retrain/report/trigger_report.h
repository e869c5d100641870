#pragma once

#include <string>
#include <vector>

#include "retrain/base/json.h"
#include "retrain/pipeline/trigger_table.h"
#include "retrain/pipeline/watch.h"

// Every sentence about triggers, once: `retrain check`, `retrain why`, `retrain explain decision` and Python show
// these.
namespace retrain::report {

// What each trigger would do now, and the run that would start.
std::string CheckText(const pipeline::TriggerLook& look);
Json ToJson(const pipeline::TriggerLook& look);

// Why nothing happens: each trigger's value, threshold, what it waits for and when it looks again; and the last
// recorded look at it, when there is one. `last` goes with the triggers of the look, one each.
std::string WhyText(const pipeline::TriggerLook& look, const std::vector<std::optional<pipeline::LastLook>>& last);
Json WhyJson(const pipeline::TriggerLook& look, const std::vector<std::optional<pipeline::LastLook>>& last);

// One journalled decision with every number that it used.
std::string ExplainDecision(const pipeline::JournalEntry& entry);

}  // namespace retrain::report
