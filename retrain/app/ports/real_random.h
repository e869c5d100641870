#pragma once

#include "retrain/base/random.h"

namespace retrain::app {

// The kernel's randomness. Safe from many threads.
class RealRandom final : public Random {
 public:
  std::uint64_t Seed() override;
};

}  // namespace retrain::app
