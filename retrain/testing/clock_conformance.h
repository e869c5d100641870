#pragma once

#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "retrain/base/clock.h"
#include "retrain/base/random.h"

namespace retrain::testing {

class ClockConformance : public ::testing::TestWithParam<std::unique_ptr<Clock> (*)()> {};

TEST_P(ClockConformance, TheSteadyClockNeverGoesBack) {
  const auto clock = GetParam()();
  Steady last = clock->SteadyNow();
  for (int look = 0; look < 1000; ++look) {
    const Steady now = clock->SteadyNow();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST_P(ClockConformance, NowIsAMomentOfOurTimes) {
  const auto clock = GetParam()();
  EXPECT_GT(ToText(clock->Now()), "2024");
  EXPECT_LT(ToText(clock->Now()), "2124");
}

class RandomConformance : public ::testing::TestWithParam<std::unique_ptr<Random> (*)()> {};

TEST_P(RandomConformance, SeedsDoNotRepeat) {
  const auto random = GetParam()();
  std::set<std::uint64_t> seeds;
  for (int draw = 0; draw < 1000; ++draw) seeds.insert(random->Seed());
  EXPECT_EQ(seeds.size(), 1000u);
}

}  // namespace retrain::testing
