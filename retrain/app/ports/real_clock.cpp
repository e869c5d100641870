#include "retrain/app/ports/real_clock.h"

namespace retrain::app {

Instant RealClock::Now() { return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()); }

Steady RealClock::SteadyNow() { return std::chrono::steady_clock::now().time_since_epoch(); }

}  // namespace retrain::app
