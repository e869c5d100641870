#include "retrain/drift/streams/incremental_ks.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "retrain/stats/merged.h"

namespace retrain::drift::streams {
namespace {

double ByMerging(std::vector<double> first, std::vector<double> second) {
  std::sort(first.begin(), first.end());
  std::sort(second.begin(), second.end());
  const auto merged = stats::Merge(first, second);
  return static_cast<double>(std::max(merged.above, merged.below)) /
         static_cast<double>(merged.n_first * merged.n_second);
}

// Two windows that slide over a stream: after each step the distance is the one that sorting both gives.
TEST(IncrementalKs, IsTheDistanceOfBothSamplesAfterEveryChange) {
  constexpr std::int64_t kSize = 25;
  for (const std::uint64_t levels : {4ULL, 30ULL, 1000000ULL}) {
    Rng rng(levels);
    IncrementalKs tree;
    std::deque<double> first;
    std::deque<double> second;
    for (int step = 0; step < 1500; ++step) {
      for (auto* window : {&first, &second}) {
        const auto side = window == &first ? IncrementalKs::Side::kFirst : IncrementalKs::Side::kSecond;
        const auto value = static_cast<double>(rng.Below(levels)) + (window == &first ? 0 : step / 500);
        tree.Insert(side, value);
        window->push_back(value);
        if (std::ssize(*window) > kSize) {
          tree.Remove(side, window->front());
          window->pop_front();
        }
      }
      if (std::ssize(first) < kSize) continue;
      const double expected = ByMerging({first.begin(), first.end()}, {second.begin(), second.end()});
      ASSERT_DOUBLE_EQ(tree.Distance(kSize), expected) << levels << " levels, step " << step;
    }
  }
}

// Of two windows from one law, alpha of a single test is the chance of an alarm; each pair here is looked at once.
TEST(IncrementalKsDetector, AlarmsAtOneTestAsOftenAsItSays) {
  constexpr int kPairs = 2000;
  constexpr std::int64_t kWindow = 50;
  Rng rng(6);
  int alarms = 0;
  for (int pair = 0; pair < kPairs; ++pair) {
    IncrementalKsDetector detector({.alpha = 0.05, .window = kWindow});
    for (std::int64_t i = 0; i < 2 * kWindow; ++i) alarms += detector.Update(rng.Normal()).drift ? 1 : 0;
  }
  EXPECT_LE(alarms, 149) << "the binomial quantile at 1 - 1e-6 for a rate of 0.05";
  EXPECT_GE(alarms, 40) << "the exact level is 0.039 for two samples of 50";
}

}  // namespace
}  // namespace retrain::drift::streams
