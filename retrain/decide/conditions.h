#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "retrain/decide/triggers.h"

// The bare conditions of triggers, before cooldown, limits and all that holds a trigger back. Private to decide.
namespace retrain::decide {

struct Condition {
  bool met = false;
  bool clear = false;    // surely not met: re-arms a trigger. Neither: it cannot be told
  bool is_time = false;  // a planned time
  bool is_edge = false;  // the run itself ends it, so that it needs not be clear before it is met again
  std::string because;   // a sentence's half: "12,000 new rows in 2 files, at least 1,000 asked for"
  std::string value = "-";
  std::string threshold = "-";
  std::string waits_for = {};
  std::optional<Instant> looks_again = {};
  std::vector<std::pair<std::string, double>> numbers = {};
  TriggerStates dealt_with = {};  // states of schedules once their planned times are dealt with
};

// Neither met nor clear.
inline Condition CannotTell(std::string why) { return {.because = why, .waits_for = std::move(why)}; }

Condition ConditionOf(const TriggerOptions& trigger, const std::string& name, const TriggerSnapshot& seen,
                      const TriggerStates& states);

Condition Scheduled(const TriggerOptions& trigger, const TriggerSnapshot& seen, const TriggerState& state);
Condition DriftDetected(const TriggerOptions& trigger, const Measured& measured);
Condition PerformanceDropped(const TriggerOptions& trigger, const TriggerSnapshot& seen, const Measured& measured);
Condition NewData(const TriggerOptions& trigger, const TriggerSnapshot& seen);

// The stored state, or that of a trigger seen for the first time.
TriggerState StateOf(const TriggerStates& states, const std::string& name, Instant now);

std::string TimeText(Instant at);  // "2026-03-01 12:00 UTC"

}  // namespace retrain::decide
