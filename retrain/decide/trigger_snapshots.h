#pragma once

#include "retrain/decide/triggers.h"

// What the tests of triggers begin with.
namespace retrain::decide {

using std::chrono::days;
using std::chrono::hours;

inline const Instant kSunday = std::chrono::sys_days(std::chrono::year(2026) / 3 / 1);  // midnight

// A week after a first champion; nothing has happened.
inline TriggerSnapshot Quiet() {
  TriggerSnapshot seen{.now = kSunday + hours(12), .champion = 1, .champion_since = kSunday - days(7)};
  seen.pending = seen.untried = {.rows = 5'000, .files = 2, .bytes = 80'000, .oldest = kSunday + hours(1)};
  return seen;
}

inline TriggerOptions Weekly() {
  auto trigger = DefaultTrigger("scheduled");
  trigger.cron = "0 0 * * 0";
  return trigger;
}

inline DriftWindow Window(double effect, double chance) {
  return {.first_chunk = 2,
          .last_chunk = 3,
          .rows = 5'000,
          .columns = 9,
          .drifted = chance <= 0.05 ? 1 : 0,
          .chance = chance,
          .column = "distance",
          .effect = effect,
          .lower = effect / 2,
          .upper = effect * 2};
}

// What a trigger says in one look, and what is remembered of it.
struct Said {
  TriggerAnswer answer;
  std::optional<TriggeredRun> run;
  TriggerStates states;
};

inline Said Look(const TriggerOptions& trigger, const TriggerSnapshot& seen, const TriggerStates& states = {},
                 const TriggerLimits& limits = {}) {
  auto answer = DecideTriggers({trigger}, limits, seen, states);
  RETRAIN_ALWAYS(answer.triggers.size() == (limits.max_model_age.count() > 0 ? 2U : 1U));
  RETRAIN_ALWAYS(DecideTriggers({trigger}, limits, seen, states) == answer);  // the same snapshot, the same answer
  return {answer.triggers[0], answer.run, answer.states};
}

}  // namespace retrain::decide
