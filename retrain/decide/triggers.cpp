#include "retrain/decide/triggers.h"

#include <fmt/format.h>

#include "retrain/base/duration.h"
#include "retrain/base/text.h"
#include "retrain/decide/conditions.h"

namespace retrain::decide {
namespace {

using std::chrono::seconds;

constexpr std::string_view kModelAge = "max_model_age";

// Why a trigger whose condition is met does nothing yet; empty: nothing holds it.
struct Hold {
  std::string why;
  std::optional<Instant> until = {};
};

std::string ObstacleText(const TriggerSnapshot& seen) {
  if (!seen.blocked.empty()) return "no run can begin: " + seen.blocked;
  return fmt::format("run {} is under way", seen.run_under_way);
}

Hold HeldByItself(const TriggerOptions& trigger, const Condition& condition, const TriggerState& state, Instant now) {
  if (trigger.hysteresis && !condition.is_edge && !state.armed) {
    return {
        fmt::format("it fired for this at {} and has not been clear since", TimeText(state.fired_at.value_or(now)))};
  }
  if (state.fired_at && *state.fired_at + trigger.cooldown > now) {
    const Instant until = *state.fired_at + trigger.cooldown;
    return {fmt::format("it fired at {} and rests until {} (cooldown {})", TimeText(*state.fired_at), TimeText(until),
                        DurationText(trigger.cooldown)),
            until};
  }
  return {};
}

Hold HeldByAll(const TriggerLimits& limits, const Condition& condition, const TriggerSnapshot& seen,
               const std::string& strategy) {
  if (limits.max_runs_per_day > 0 && seen.runs_today >= limits.max_runs_per_day) {
    return {fmt::format("{} began in the last 24 hours, max_runs_per_day is {}", Counted(seen.runs_today, "run"),
                        Grouped(limits.max_runs_per_day)),
            seen.today_eases};
  }
  const auto most = static_cast<double>(limits.max_training_seconds_per_day);
  if (most > 0 && seen.training_seconds_today >= most) {
    return {fmt::format("training took {:.0f} s in the last 24 hours, max_training_seconds_per_day is {}",
                        seen.training_seconds_today, Grouped(limits.max_training_seconds_per_day)),
            seen.today_eases};
  }
  const bool needs_rows = !condition.is_time && strategy != "full" && seen.champion != 0;
  if (needs_rows && seen.pending.rows < seen.min_new_samples) {
    return {fmt::format("{} in {} of the {} that a run takes (min_new_samples)",
                        Counted(seen.pending.rows, "pending row"), Counted(seen.pending.files, "file"),
                        Grouped(seen.min_new_samples))};
  }
  if (!seen.blocked.empty() && condition.dealt_with.empty()) return {ObstacleText(seen)};
  if (seen.run_under_way != 0 && limits.overlap != Overlap::kReplace && condition.dealt_with.empty())
    return {fmt::format("run {} is under way; what still holds at its end fires then", seen.run_under_way)};
  return {};
}

// What becomes of a trigger that has fired; empty: its run begins.
std::optional<Overlap> Obstacle(const TriggerLimits& limits, const TriggerSnapshot& seen) {
  if (!seen.blocked.empty()) return Overlap::kQueue;
  if (seen.run_under_way != 0) return limits.overlap;
  return {};
}

// Where the trigger stands once it has fired.
TriggerState Fired(TriggerState state, const TriggerSnapshot& seen, bool queued) {
  state.fired_at = seen.now;
  state.fired_against = seen.champion;
  state.armed = false;
  state.queued = queued;
  return state;
}

Condition ModelAge(const TriggerLimits& limits, const TriggerSnapshot& seen) {
  Condition condition{.threshold = DurationText(limits.max_model_age)};
  if (seen.champion == 0) {
    condition.because = "there is no champion yet that could be too old";
    condition.waits_for = "a first champion";
    return condition;
  }
  const auto age = seen.now - seen.champion_since;
  condition.met = age >= limits.max_model_age;
  condition.clear = !condition.met;
  condition.value = DurationText(std::chrono::duration_cast<seconds>(age));
  condition.because = fmt::format("champion {} is of {}, {} is the limit", seen.champion, TimeText(seen.champion_since),
                                  DurationText(limits.max_model_age));
  condition.looks_again = seen.champion_since + limits.max_model_age;
  condition.waits_for = fmt::format("that age, at {}", TimeText(*condition.looks_again));
  condition.numbers = {{"model_age_seconds", static_cast<double>(age.count()) / 1000},
                       {"max_model_age_seconds", static_cast<double>(limits.max_model_age.count())}};
  return condition;
}

class Look {
 public:
  Look(const TriggerLimits& limits, const TriggerSnapshot& seen, const TriggerStates& states)
      : limits_(limits), seen_(seen), states_(states) {}

  void Decide(const TriggerOptions& trigger, const std::string& name, Condition condition);
  TriggersAnswer Finish();

 private:
  void Act(const Condition& condition, const std::string& strategy, TriggerState state, TriggerAnswer& answer);
  void Join(const std::string& name, const std::string& strategy, const std::string& reason);

  const TriggerLimits& limits_;
  const TriggerSnapshot& seen_;
  const TriggerStates& states_;
  TriggersAnswer answer_;
};

// Takes the trigger into the run that starts; the first one gives its name, the one that asks for `full` its strategy.
void Look::Join(const std::string& name, const std::string& strategy, const std::string& reason) {
  if (!answer_.run) {
    answer_.run = TriggeredRun{.trigger = name, .reason = reason, .strategy = strategy};
  } else {
    answer_.run->reason += fmt::format("; and {}: {}", name, reason);
    if (strategy == "full") answer_.run->strategy = strategy;
  }
  answer_.run->replaces = seen_.run_under_way != 0;
}

void Look::Act(const Condition& condition, const std::string& strategy, TriggerState state, TriggerAnswer& answer) {
  auto& decision = answer.decision;
  const auto obstacle = Obstacle(limits_, seen_);
  decision.fired = true;
  decision.action = obstacle ? std::string(Name(*obstacle)) : "run " + strategy;
  if (!obstacle || obstacle == Overlap::kReplace) {
    Join(decision.subject, strategy, decision.reason);
  } else {
    const auto* what = obstacle == Overlap::kQueue ? "this waits" : "this one is let go (overlap: skip)";
    decision.reason += fmt::format("; {}: {}", what, ObstacleText(seen_));
  }
  answer.waits_for.clear();
  for (const auto& [part, dealt] : condition.dealt_with) answer_.states[part] = dealt;
  if (const auto dealt = condition.dealt_with.find(state.name); dealt != condition.dealt_with.end())
    state.planned_until = dealt->second.planned_until;
  auto& kept = answer_.states[state.name];
  kept = Fired(std::move(state), seen_, obstacle == Overlap::kQueue);
}

void Look::Decide(const TriggerOptions& trigger, const std::string& name, Condition condition) {
  auto state = StateOf(states_, name, seen_.now);
  if (condition.clear || (state.fired_at && state.fired_against != seen_.champion)) state.armed = true;
  const std::string strategy = trigger.strategy.empty() ? seen_.strategy : trigger.strategy;
  TriggerAnswer answer{.decision = {.subject = name, .action = "wait", .reason = condition.because},
                       .value = condition.value,
                       .threshold = condition.threshold,
                       .waits_for = condition.waits_for,
                       .looks_again = condition.looks_again};
  answer.decision.numbers = condition.numbers;
  if (state.queued && !Obstacle(limits_, seen_)) {
    answer.decision.reason =
        fmt::format("fired at {} when no run could begin", TimeText(state.fired_at.value_or(seen_.now)));
    condition.dealt_with.clear();
    Act(condition, strategy, std::move(state), answer);
  } else if (state.queued) {
    answer.waits_for = seen_.blocked.empty() ? fmt::format("the end of run {}", seen_.run_under_way)
                                             : fmt::format("data that a run can begin with: {}", seen_.blocked);
    answer.decision.reason =
        fmt::format("fired at {}, waits for {}", TimeText(state.fired_at.value_or(seen_.now)), answer.waits_for);
    answer_.states[name] = std::move(state);
  } else {
    Hold hold;
    if (condition.met) hold = HeldByItself(trigger, condition, state, seen_.now);
    if (condition.met && hold.why.empty()) hold = HeldByAll(limits_, condition, seen_, strategy);
    if (condition.met && hold.why.empty()) {
      Act(condition, strategy, std::move(state), answer);
    } else {
      if (!hold.why.empty()) {
        answer.decision.reason += "; but " + hold.why;
        answer.waits_for = hold.why;
        answer.looks_again = hold.until;
      }
      answer_.states[name] = std::move(state);
      // A planned time that was looked at and came to nothing is dealt with; one that is held back comes again.
      if (!condition.met) {
        for (const auto& [part, dealt] : condition.dealt_with) answer_.states[part] = dealt;
      }
    }
  }
  answer_.triggers.push_back(std::move(answer));
}

TriggersAnswer Look::Finish() {
  for (const auto& [name, state] : states_) answer_.states.emplace(name, state);  // of triggers no longer in the config
  return std::move(answer_);
}

// The states of parts seen for the first time: their times count from now on.
void AddParts(const TriggerOptions& trigger, const std::string& name, Instant now, TriggerStates& states) {
  states.emplace(name, TriggerState{.name = name, .since = now});
  const auto names = NameTriggers(trigger.of);
  for (std::size_t i = 0; i < trigger.of.size(); ++i)
    AddParts(trigger.of[i], fmt::format("{}/{}", name, names[i]), now, states);
}

}  // namespace

TriggerStates FireByHand(const std::vector<TriggerOptions>& triggers, std::string_view name,
                         const TriggerSnapshot& seen, const TriggerStates& states) {
  const auto names = NameTriggers(triggers);
  TriggerStates after = states;
  for (std::size_t i = 0; i < triggers.size(); ++i) AddParts(triggers[i], names[i], seen.now, after);
  const std::string part = fmt::format("{}/", name);
  for (auto& [one, state] : after) {
    if (one == name) state = Fired(std::move(state), seen, false);
    if (one == name || one.starts_with(part)) state.planned_until = seen.now;
  }
  return after;
}

TriggersAnswer DecideTriggers(const std::vector<TriggerOptions>& triggers, const TriggerLimits& limits,
                              const TriggerSnapshot& seen, const TriggerStates& states) {
  const auto names = NameTriggers(triggers);
  TriggerStates known = states;
  for (std::size_t i = 0; i < triggers.size(); ++i) AddParts(triggers[i], names[i], seen.now, known);
  Look look(limits, seen, known);
  for (std::size_t i = 0; i < triggers.size(); ++i)
    look.Decide(triggers[i], names[i], ConditionOf(triggers[i], names[i], seen, known));
  if (limits.max_model_age.count() > 0)
    look.Decide({.cooldown = limits.max_model_age, .hysteresis = false}, std::string(kModelAge),
                ModelAge(limits, seen));
  return look.Finish();
}

}  // namespace retrain::decide
