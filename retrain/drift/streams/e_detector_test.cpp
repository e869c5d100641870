#include "retrain/drift/streams/e_detector.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "retrain/base/random.h"

namespace retrain::drift::streams {
namespace {

// Worked by hand in fractions: differences 0, -1, 1, 1, 0, 1, -1, 1 with a bet of 1/2, here as losses (d + 1)/2 around
// a mean of 1/2 with a bet of 1.
TEST(ShiryaevRoberts, FollowsItsRecursion) {
  ShiryaevRoberts bet(1, 0.5);
  const double losses[] = {0.5, 0, 1, 1, 0.5, 1, 0, 1};
  const double path[] = {1, 1, 3, 6, 7, 12, 13.0 / 2, 45.0 / 4};
  for (std::size_t i = 0; i < 8; ++i) EXPECT_DOUBLE_EQ(bet.Update(losses[i]), path[i]) << i;
}

// The promise rests on E[M after n values] = n when the mean is the allowed one: summed over all 3^7 streams of the
// losses 0, 1/2 and 1 with chances that have that mean.
TEST(EDetector, HasEvidenceOfNOnAverageAfterNValues) {
  constexpr int kValues = 7;
  constexpr double kMean = 0.3;
  constexpr std::array<double, 3> kChances = {0.55, 0.3, 0.15};  // 0.3/2 + 0.15 = 0.3
  double expected = 0;
  for (int world = 0; world < 2187; ++world) {
    EDetector detector({.mean = kMean, .run_length = 1e12});
    double chance = 1;
    int rest = world;
    for (int i = 0; i < kValues; ++i, rest /= 3) {
      chance *= kChances[rest % 3];
      detector.Update(0.5 * (rest % 3));
    }
    expected += chance * detector.evidence();
  }
  EXPECT_NEAR(expected, kValues, 1e-11);
}

// Streams whose mean is the allowed one: the time to an alarm, cut off at ten times the stated one, is on average at
// least as long as stated. 400 streams; their average's own error is below 10 % of it.
TEST(EDetector, RunsAsLongWithoutAFalseAlarmAsStated) {
  constexpr double kRunLength = 200;
  constexpr int kStreams = 400;
  for (const double mean : {0.02, 0.3, 0.7}) {
    Rng rng(DeriveSeed(5, std::to_string(mean)));
    double total = 0;
    for (int stream = 0; stream < kStreams; ++stream) {
      EDetector detector({.mean = mean, .run_length = kRunLength});
      int steps = 1;
      while (steps < 10 * kRunLength && !detector.Update(rng.Uniform() < mean ? 1 : 0).drift) ++steps;
      total += steps;
    }
    EXPECT_GE(total / kStreams, kRunLength) << mean;
  }
}

// And it does alarm: a loss that triples is found within a few hundred values, whatever it was.
TEST(EDetector, FindsALossThatTriples) {
  for (const double mean : {0.02, 0.1, 0.3}) {
    Rng rng(8);
    double total = 0;
    constexpr int kStreams = 50;
    for (int stream = 0; stream < kStreams; ++stream) {
      EDetector detector({.mean = mean, .run_length = 10000});
      for (int i = 0; i < 500; ++i) detector.Update(rng.Uniform() < mean ? 1 : 0);
      int steps = 1;
      while (steps < 5000 && !detector.Update(rng.Uniform() < 3 * mean ? 1 : 0).drift) ++steps;
      total += steps;
    }
    EXPECT_LT(total / kStreams, 10 / mean) << mean;
  }
}

}  // namespace
}  // namespace retrain::drift::streams
