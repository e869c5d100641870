#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "life.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::sim {

// Which worlds to look at: the power goes at an op of the undisturbed life, and a damage says what the disk keeps.
struct Options {
  std::int64_t first_op = 0;
  std::int64_t last_op = testing::DiskFaults::kNever;
  std::uint64_t first_damage = 0;
  std::uint64_t damages = 40;    // a crash
  std::uint64_t thorough = 8;    // one world in so many also lives on to the end, and crashes once more on the way
  std::size_t most_wrongs = 10;  // then stop
  Bug bug = Bug::kNone;
};

struct Wrong {
  std::int64_t op = 0;
  std::uint64_t damage = 0;
  std::string what;
};

// What was seen. `ending` is that of the undisturbed life.
struct Tally {
  std::int64_t ops = 0;
  std::int64_t worlds = 0;
  std::int64_t lived_on = 0;
  std::vector<Wrong> wrongs;
  std::vector<std::string> trace;  // of the undisturbed life, a line an op
  std::vector<std::string> ending;
};

// Lives once, and at each op looks at every world in which the power went there. Deterministic: a world depends on its
// op, its damage and the bug alone, so that `sim_crash --op N --damage S` shows it again.
Tally Explore(const Options& options);

// Lives on a disk that refuses something (an op, all ops from one on, more bytes than it has), then loses power, is
// mended, and the same commands are given again: nothing promised is lost, and the end is the same. Says what is wrong.
std::optional<std::string> LiveThrough(const testing::DiskFaults& faults, std::uint64_t damage,
                                       const std::vector<std::string>& ending);

}  // namespace retrain::sim
