#include "explore.h"

#include <malloc.h>

#include <fmt/format.h>

#include "check.h"
#include "planted.h"
#include "retrain/store/vfs_over_state_fs.h"

namespace retrain::sim {
namespace {

using testing::DiskImage;
using testing::DiskOp;
using testing::SimDisk;

constexpr std::uint64_t kMostOpsOfARecovery = 60;

Result<std::vector<std::string>> EndingOn(StateFs& files) {
  TRY(const auto home, pipeline::Home::Open(files, "home"));
  return Ending(*home);
}

// A temporary file that nobody will ever remove; empty: none.
std::string Litter(StateFs& files) {
  for (const char* folder : {"home/work", "home/artifacts", "home/data"}) {
    const auto names = files.List(folder);
    if (!names.ok()) continue;
    for (const auto& name : *names) {
      if (std::string_view(folder) == "home/work" || name.ends_with(".tmp")) return fmt::format("{}/{}", folder, name);
    }
  }
  return {};
}

// The same commands again: they must come to the same end and leave nothing behind. `crashed` may also be the disk of a
// process that was killed: nothing is lost yet, and what was not synced is still on its way.
std::optional<std::string> GoOn(const DiskImage& crashed, const std::vector<std::string>& ending) {
  SimDisk disk(crashed);
  Life life(disk);
  const auto lived = life.Run();
  if (!lived.ok()) return "it cannot go on: " + lived.error().message;
  if (const auto litter = Litter(disk); !litter.empty()) return "left behind: " + litter;
  SimDisk later(disk.image().AfterPowerLoss(0));
  if (const auto wrong = WhatIsWrong(later, life.promised())) return "after it went on: " + *wrong;
  const auto ended = EndingOn(later);
  if (!ended.ok()) return ended.error().message;
  for (std::size_t line = 0; line < std::max(ending.size(), ended->size()); ++line) {
    const std::string expected = line < ending.size() ? ending[line] : "nothing";
    const std::string found = line < ended->size() ? (*ended)[line] : "nothing";
    if (expected != found) return fmt::format("it ends in another way: {} instead of {}", found, expected);
  }
  return std::nullopt;
}

// Goes on after a crash, and crashes once more while it does.
std::optional<std::string> CrashAgain(const DiskImage& crashed, std::uint64_t damage) {
  SimDisk disk(crashed, {.crash_at = static_cast<std::int64_t>(Rng(damage).Below(kMostOpsOfARecovery))});
  Life life(disk);
  (void)life.Run();
  SimDisk again(disk.image().AfterPowerLoss(damage + 1));
  if (const auto wrong = WhatIsWrong(again, life.promised())) return "after a second crash: " + *wrong;
  return std::nullopt;
}

class Explorer final {
 public:
  explicit Explorer(const Options& options) : options_(options) {}

  Tally Run() {
    tally_.ending = UndisturbedEnding();
    SimDisk disk({}, FaultsOf(options_.bug));
    const auto files = FilesOf(options_.bug, disk);
    Life life(*files, options_.bug);
    disk.Observe([&](const DiskOp& op) {
      tally_.trace.push_back(ToText(op));
      CrashHere(disk.image(), life.promised());
    });
    RETRAIN_ALWAYS(life.Run().ok());
    CrashHere(disk.image(), life.promised());
    return std::move(tally_);
  }

 private:
  static std::vector<std::string> UndisturbedEnding() {
    SimDisk disk;
    RETRAIN_ALWAYS(Life(disk).Run().ok());
    auto ending = EndingOn(disk);
    RETRAIN_ALWAYS(ending.ok());
    return std::move(ending).value();
  }

  void CrashHere(const DiskImage& image, const Promise& promised) {
    const std::int64_t op = tally_.ops++;
    if (op >= options_.first_op && op <= options_.last_op) {
      for (std::uint64_t i = 0; i < options_.damages && tally_.wrongs.size() < options_.most_wrongs; ++i) {
        Look(image, promised, op, options_.first_damage + i);
      }
    }
    store::VfsOverStateFs::Reseed();  // the life goes on as if nobody had looked
  }

  void Look(const DiskImage& image, const Promise& promised, std::int64_t op, std::uint64_t damage) {
    const DiskImage crashed = image.AfterPowerLoss(damage);
    ++tally_.worlds;
    SimDisk disk(crashed);
    auto wrong = WhatIsWrong(disk, promised);
    if (!wrong && (static_cast<std::uint64_t>(op) + damage) % options_.thorough == 0) {
      ++tally_.lived_on;
      for (const auto* disk_then : {&crashed, &image}) {
        if (!wrong) wrong = CrashAgain(*disk_then, damage);
        if (!wrong) wrong = GoOn(*disk_then, tally_.ending);
      }
    }
    if (wrong) tally_.wrongs.push_back({.op = op, .damage = damage, .what = *wrong});
  }

  Options options_;
  Tally tally_;
};

}  // namespace

std::optional<std::string> LiveThrough(const testing::DiskFaults& faults, std::uint64_t damage,
                                       const std::vector<std::string>& ending) {
  SimDisk disk({}, faults);
  Life life(disk);
  (void)life.Run();
  const DiskImage image = disk.image().AfterPowerLoss(damage);
  SimDisk after(image);
  if (auto wrong = WhatIsWrong(after, life.promised())) return wrong;
  return GoOn(image, ending);
}

Tally Explore(const Options& options) {
  // Disks are copied all the time: keep their memory instead of asking the system for it each time anew.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  return Explorer(options).Run();
}

}  // namespace retrain::sim
