#include "retrain/app/ports/thread_team.h"

#include <numeric>

#include <gtest/gtest.h>

namespace retrain::app {
namespace {

TEST(ThreadTeam, RunsEachPartOnceInEveryRound) {
  ThreadTeam team(4);
  for (int round = 0; round < 20'000; ++round) {
    const int parts = round % 9;
    std::vector<int> runs(9, 0);  // no two parts share an element
    team.For(parts, [&](int part) { runs[static_cast<std::size_t>(part)] += 1; });
    for (int part = 0; part < 9; ++part)
      ASSERT_EQ(runs[static_cast<std::size_t>(part)], part < parts ? 1 : 0) << "round " << round;
  }
}

TEST(ThreadTeam, ShowsTheCallerWhatThePartsWrote) {
  ThreadTeam team(2);
  std::vector<std::int64_t> sums(64);
  for (std::int64_t round = 1; round <= 1'000; ++round) {
    team.For(64, [&](int part) { sums[static_cast<std::size_t>(part)] += round * part; });
  }
  EXPECT_EQ(std::accumulate(sums.begin(), sums.end(), std::int64_t{0}), 1'000LL * 1'001 / 2 * (63 * 64 / 2));
}

TEST(ThreadTeam, OfOneRunsInOrder) {
  ThreadTeam team(1);
  EXPECT_EQ(team.threads(), 1);
  std::vector<int> order;
  team.For(3, [&](int part) { order.push_back(part); });
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(ThreadTeam, EndsWhileItsMembersSleep) {
  for (int i = 0; i < 50; ++i) ThreadTeam team(3);
}

TEST(ThreadTeam, EndsWhileItsMembersLookForTheNextRound) {
  for (int i = 0; i < 3'000; ++i) {
    ThreadTeam team(2);
    team.For(2 + i % 3, [](int) {});
  }
}

}  // namespace
}  // namespace retrain::app
