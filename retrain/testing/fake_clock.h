#pragma once

#include "retrain/base/clock.h"
#include "retrain/base/random.h"

namespace retrain::testing {

// A clock that stands still until it is told to move; with a step, each look moves it on. Not safe from many threads.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(Instant start = Instant(std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}),
                     std::chrono::milliseconds step = std::chrono::milliseconds(0))
      : now_(start), step_(step) {}

  Instant Now() override {
    steady_ += step_;
    return now_ += step_;
  }
  Steady SteadyNow() override { return steady_ += step_; }

  void Advance(std::chrono::milliseconds by) {  // time passes
    now_ += by;
    steady_ += by;
  }
  void Set(Instant now) { now_ = now; }  // somebody corrects the wall clock

 private:
  Instant now_;
  Steady steady_{};
  std::chrono::milliseconds step_;
};

// "Fresh" seeds that are the same in every run. Not safe from many threads.
class FakeRandom final : public Random {
 public:
  explicit FakeRandom(std::uint64_t seed = 1) : rng_(seed) {}
  std::uint64_t Seed() override { return rng_.Next(); }

 private:
  Rng rng_;
};

}  // namespace retrain::testing
