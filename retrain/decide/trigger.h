#pragma once

#include <cstdint>

#include "retrain/decide/decision.h"

namespace retrain::decide {

// What has arrived since the champion learned, at the moment of the decision.
struct PendingData {
  std::int64_t rows = 0;
  std::int64_t files = 0;
  std::int64_t min_new_samples = 1000;  // rows that a run takes at least

  bool operator==(const PendingData&) const = default;
};

// Fires (action "run") when enough rows wait that the champion has not learned from. Otherwise the action is "skip"
// and the reason names how many rows are missing. Pure.
Decision DecideNewSamples(const PendingData& pending);

}  // namespace retrain::decide
