#pragma once

#include <string>
#include <utility>
#include <vector>

#include "retrain/base/json.h"

namespace retrain::decide {

// What was decided and why. A value: it compares, it is journalled as it stands whether or not it acts, and every
// face shows its `reason`.
struct Decision {
  std::string subject;  // "trigger manual", "gate", "min_new_samples"
  bool fired = false;
  std::string action;                                   // "run full", "wait", "promote", "reject", "inconclusive"
  std::string reason;                                   // one sentence, with the numbers that made it so
  std::vector<std::pair<std::string, double>> numbers;  // everything the decision looked at, by name with unit

  bool operator==(const Decision&) const = default;
};

Json ToJson(const Decision& decision);
Result<Decision> DecisionFromJson(const Json& json);

}  // namespace retrain::decide
