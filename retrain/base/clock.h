#pragma once

#include <chrono>
#include <string>

namespace retrain {

// A moment of the wall clock, UTC.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

// A moment of a clock that never goes back; only differences mean something.
using Steady = std::chrono::duration<double>;

// The port to time. The real one is made in app/, tests use testing/fake_clock.h.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() = 0;
  virtual Steady SteadyNow() = 0;
};

std::string ToText(Instant at);  // "2026-03-01T12:00:00.000Z"

}  // namespace retrain
