#pragma once

#include <string>

#include "retrain/decide/decision.h"

namespace retrain::decide {

// What bears on the choice. Strategies go by the names of the config: "full", "incremental", "transfer".
struct StrategySnapshot {
  std::string asked;           // by the request, or by the config
  std::string model;           // the family that the config trains: "mlp"
  std::string champion;        // names it in the sentence: "champion 3"; empty: there is none
  std::string champion_model;  // its family: "mlp", "constant"

  bool operator==(const StrategySnapshot&) const = default;
};

struct StrategyDecision {
  std::string strategy;   // that really runs
  std::string why_other;  // why it is not the one that was asked for; empty: it is
  Decision decision;      // subject "strategy", action "run full"; fired: what was asked for is what runs

  bool operator==(const StrategyDecision&) const = default;
};

// Which strategy a run really takes. Only a champion of the same family has weights to go on from: without one,
// everything is a full training. Pure.
StrategyDecision DecideStrategy(const StrategySnapshot& seen);

}  // namespace retrain::decide
