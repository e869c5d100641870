// sim_crash: crashes of a simulated life, all of them or one. Exit code 0: nothing is wrong.
//   sim_crash                       every op, 40 damages each
//   sim_crash --op 17 --damage 3    one world again, with the ops before it
//   sim_crash --bug lying-disk      a planted bug, which must be found
#include <chrono>
#include <cstring>

#include <fmt/format.h>

#include "explore.h"

namespace retrain::sim {
namespace {

bool Read(const char* name, const char* value, Options& options) {
  const auto number = static_cast<std::uint64_t>(std::strtoull(value, nullptr, 10));
  const std::string_view key = name;
  if (key == "--op") {
    options.first_op = options.last_op = static_cast<std::int64_t>(number);
  } else if (key == "--damage") {
    options.first_damage = number;
    options.damages = 1;
  } else if (key == "--damages") {
    options.damages = number;
  } else if (key == "--thorough" && number > 0) {
    options.thorough = number;
  } else if (key == "--bug") {
    for (const auto& [bug, word] : kBugs) {
      if (word == value) return options.bug = bug, true;
    }
    return false;
  } else {
    return false;
  }
  return true;
}

std::string_view WordOf(Bug bug) {
  for (const auto& [known, word] : kBugs) {
    if (known == bug) return word;
  }
  return "";
}

int Main(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; i += 2) {
    if (i + 1 < argc && Read(argv[i], argv[i + 1], options)) continue;
    fmt::print(stderr, "usage: sim_crash [--op N] [--damage S | --damages COUNT] [--thorough ONE_IN] [--bug NAME]\n");
    return 2;
  }
  const Tally tally = Explore(options);
  if (options.first_op == options.last_op) {
    for (auto op = std::max<std::int64_t>(0, options.first_op - 8); op <= options.first_op && op < tally.ops - 1;
         ++op) {
      fmt::print("op {:4}  {}{}\n", op, tally.trace[op], op == options.first_op ? "   <- the power goes" : "");
    }
  }
  for (const auto& wrong : tally.wrongs) {
    fmt::print("WRONG: {}\n  again: sim_crash --op {} --damage {} --bug {}\n", wrong.what, wrong.op, wrong.damage,
               WordOf(options.bug));
  }
  fmt::print("{} worlds of {} ops, {} of them lived on to the end; {} wrong\n", tally.worlds, tally.ops, tally.lived_on,
             tally.wrongs.size());
  return tally.wrongs.empty() ? 0 : 1;
}

}  // namespace
}  // namespace retrain::sim

int main(int argc, char** argv) { return retrain::sim::Main(argc, argv); }
