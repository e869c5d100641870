#include "retrain/testing/sim_disk.h"

#include <gtest/gtest.h>

#include "retrain/store/database.h"
#include "retrain/testing/state_fs_conformance.h"

namespace retrain::testing {
namespace {

class SimulatedWorld final : public StateFsUnderTest {
 public:
  SimulatedWorld() { RETRAIN_ALWAYS(disk_.MakeFolders("world").ok()); }
  StateFs& files() override { return disk_; }
  std::string folder() override { return "world"; }

 private:
  SimDisk disk_;
};

std::unique_ptr<StateFsUnderTest> MakeSimulated() { return std::make_unique<SimulatedWorld>(); }

INSTANTIATE_TEST_SUITE_P(Simulated, StateFsConformance, ::testing::Values(&MakeSimulated));

constexpr std::uint64_t kLoseAll = 0;
constexpr std::uint64_t kLoseNothing = 1;

std::span<const std::byte> AsBytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string BytesAfter(const SimDisk& disk, std::uint64_t damage, const std::string& path) {
  SimDisk after(disk.image().AfterPowerLoss(damage));
  const auto bytes = ReadFile(after, path);
  return bytes.ok() ? *bytes : std::string(bytes.error().code);
}

TEST(SimDisk, BytesSurviveOnceTheFileAndItsNameWereSynced) {
  SimDisk disk;
  auto file = *disk.OpenFile("a", StateFs::Open::kCreate).value()->Size();
  EXPECT_EQ(file, 0);
  auto open = disk.OpenFile("a", StateFs::Open::kCreate);
  ASSERT_TRUE((*open)->WriteAt(0, AsBytes("bytes")).ok());
  EXPECT_EQ(BytesAfter(disk, kLoseAll, "a"), "E0201");
  ASSERT_TRUE((*open)->Sync().ok());
  EXPECT_EQ(BytesAfter(disk, kLoseAll, "a"), "E0201") << "the name was not synced";
  ASSERT_TRUE(disk.SyncFolder(".").ok());
  EXPECT_EQ(BytesAfter(disk, kLoseAll, "a"), "bytes");
  ASSERT_TRUE((*open)->WriteAt(0, AsBytes("BYTES")).ok());
  EXPECT_EQ(BytesAfter(disk, kLoseAll, "a"), "bytes");
  EXPECT_EQ(BytesAfter(disk, kLoseNothing, "a"), "BYTES");
}

TEST(SimDisk, AnUnsyncedRenameMayLeaveTheOldFileButNeverNone) {
  SimDisk disk;
  ASSERT_TRUE(WriteFileDurably(disk, "a", "old").ok());
  ASSERT_TRUE(WriteFileDurably(disk, "b", "new").ok());
  ASSERT_TRUE(disk.Rename("b", "a").ok());
  std::set<std::string> seen;
  for (std::uint64_t damage = 0; damage < 50; ++damage) seen.insert(BytesAfter(disk, damage, "a"));
  EXPECT_EQ(seen, (std::set<std::string>{"old", "new"}));
  ASSERT_TRUE(disk.SyncFolder(".").ok());
  EXPECT_EQ(BytesAfter(disk, kLoseAll, "a"), "new");
}

TEST(SimDisk, UnsyncedWritesTearAtSectorsAndSparesWhatWasSynced) {
  SimDisk disk;
  ASSERT_TRUE(WriteFileDurably(disk, "a", std::string(2048, 'o')).ok());
  auto file = disk.OpenFile("a", StateFs::Open::kCreate);
  ASSERT_TRUE((*file)->WriteAt(512, AsBytes(std::string(1024, 'n'))).ok());
  bool torn = false;
  bool garbled = false;
  for (std::uint64_t damage = 2; damage < 60; ++damage) {
    const std::string bytes = BytesAfter(disk, damage, "a");
    ASSERT_EQ(bytes.size(), 2048u);
    EXPECT_EQ(bytes.substr(0, 512), std::string(512, 'o'));
    EXPECT_EQ(bytes.substr(1536), std::string(512, 'o'));
    const std::string first = bytes.substr(512, 512);
    const std::string second = bytes.substr(1024, 512);
    const auto whole = [](const std::string& sector) {
      return sector == std::string(512, 'o') || sector == std::string(512, 'n');
    };
    torn |= whole(first) && whole(second) && first != second;
    garbled |= !whole(first);
  }
  EXPECT_TRUE(torn);
  EXPECT_TRUE(garbled);
}

TEST(SimDisk, AFolderThatIsLostTakesItsContentsWithIt) {
  SimDisk disk;
  DiskFaults no_folder_sync;
  no_folder_sync.pretends = [](const DiskOp& op) { return op.kind == DiskOp::Kind::kSyncFolder && op.path == "."; };
  disk.SetFaults(no_folder_sync);
  ASSERT_TRUE(disk.MakeFolders("d").ok());
  ASSERT_TRUE(WriteFileDurably(disk, "d/a", "bytes").ok());
  EXPECT_EQ(BytesAfter(disk, kLoseAll, "d/a"), "E0201");
}

TEST(SimDisk, NothingWorksAfterTheCrashAndTheOpUnderWayMayHaveHappened) {
  SimDisk disk({}, {.crash_at = 2});
  EXPECT_FALSE(WriteFileDurably(disk, "a", "bytes").ok());
  EXPECT_TRUE(disk.is_dead());
  EXPECT_FALSE(disk.Exists("a.tmp"));
  EXPECT_FALSE(disk.OpenFile("b", StateFs::Open::kCreate).ok());
  EXPECT_EQ(disk.ops(), 3) << "create, truncate, and the write that was cut off";
  EXPECT_EQ(BytesAfter(disk, kLoseNothing, "a.tmp"), "bytes");
  EXPECT_EQ(BytesAfter(disk, kLoseAll, "a.tmp"), "E0201");
}

TEST(SimDisk, AFailedSyncLosesWhatItShouldHaveSavedEvenIfTheNextOneSucceeds) {
  SimDisk disk;
  ASSERT_TRUE(WriteFileDurably(disk, "a", "old").ok());
  disk.SetFaults({.error_at = disk.ops() + 1});
  auto file = disk.OpenFile("a", StateFs::Open::kCreate);
  ASSERT_TRUE((*file)->WriteAt(0, AsBytes("new")).ok());
  EXPECT_FALSE((*file)->Sync().ok());
  EXPECT_TRUE((*file)->Sync().ok());
  EXPECT_EQ(*ReadFile(disk, "a"), "new");
  EXPECT_EQ(BytesAfter(disk, kLoseNothing, "a"), "old");
}

TEST(SimDisk, AFullDiskRefusesToGrowAndSaysSo) {
  SimDisk disk({}, {.space_bytes = 8});
  auto file = disk.OpenFile("a", StateFs::Open::kCreate);
  ASSERT_TRUE((*file)->WriteAt(0, AsBytes("12345678")).ok());
  EXPECT_TRUE((*file)->WriteAt(0, AsBytes("abcd")).ok());
  EXPECT_EQ((*file)->WriteAt(6, AsBytes("xyz")).error().code, "E0506");
}

TEST(SimDisk, TheSameCallsGiveTheSameDisk) {
  const auto live = [](std::vector<std::string>& trace) {
    SimDisk disk;
    disk.Observe([&](const DiskOp& op) { trace.push_back(ToText(op)); });
    {
      auto database = store::Database::Open(disk, "state.db");
      RETRAIN_ALWAYS((*database)->RunScript("create table t(x); insert into t values(random())").ok());
    }
    return BytesAfter(disk, 7, "state.db-wal");
  };
  std::vector<std::string> first;
  std::vector<std::string> second;
  EXPECT_EQ(live(first), live(second));
  EXPECT_EQ(first, second);
  EXPECT_GT(first.size(), 10u);
}

}  // namespace
}  // namespace retrain::testing
