#include "retrain/app/ports/real_random.h"

#include <sys/random.h>

#include "retrain/base/result.h"

namespace retrain::app {

std::uint64_t RealRandom::Seed() {
  std::uint64_t seed = 0;
  RETRAIN_ALWAYS(getrandom(&seed, sizeof seed, 0) == sizeof seed);  // never short for 256 bytes or less
  return seed;
}

}  // namespace retrain::app
