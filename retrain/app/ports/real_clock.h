#pragma once

#include "retrain/base/clock.h"

namespace retrain::app {

// The clocks of this machine. Safe from many threads.
class RealClock final : public Clock {
 public:
  Instant Now() override;
  Steady SteadyNow() override;
};

}  // namespace retrain::app
