#include "retrain/decide/strategy.h"

#include <fmt/format.h>

namespace retrain::decide {

StrategyDecision DecideStrategy(const StrategySnapshot& seen) {
  StrategyDecision choice{.strategy = seen.asked};
  if (seen.asked != "full") {
    if (seen.champion.empty()) {
      choice.why_other = fmt::format("there is no champion yet, and {} training needs one to go on from", seen.asked);
    } else if (seen.champion_model != seen.model) {
      choice.why_other = fmt::format("{} is a model of the family {}, and {} training of {} cannot go on from it",
                                     seen.champion, seen.champion_model, seen.asked, seen.model);
    }
    if (!choice.why_other.empty()) choice.strategy = "full";
  }
  const bool as_asked = choice.why_other.empty();
  choice.decision = {.subject = "strategy",
                     .fired = as_asked,
                     .action = "run " + choice.strategy,
                     .reason = as_asked ? fmt::format("{} was asked for", seen.asked) : choice.why_other};
  return choice;
}

}  // namespace retrain::decide
