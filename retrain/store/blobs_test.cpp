#include "retrain/store/blobs.h"

#include <gtest/gtest.h>

#include "retrain/base/sha256.h"
#include "retrain/testing/forwarding_state_fs.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::store {
namespace {

using testing::DiskFaults;
using testing::DiskOp;
using testing::SimDisk;

constexpr std::string_view kBytes = "the bytes of a model";

TEST(Blobs, WhatWasPutIsReadByItsDigest) {
  SimDisk disk;
  Blobs blobs(disk, "blobs");
  const auto digest = blobs.Put(kBytes, ".bin");
  ASSERT_TRUE(digest.ok());
  EXPECT_EQ(*digest, Sha256Hex(kBytes));
  EXPECT_EQ(blobs.Path(*digest, ".bin"), "blobs/" + digest->substr(0, 2) + "/" + digest->substr(2) + ".bin");
  EXPECT_TRUE(blobs.Has(*digest, ".bin"));
  EXPECT_FALSE(blobs.Has(*digest));
  EXPECT_EQ(*blobs.Read(*digest, ".bin"), kBytes);
}

TEST(Blobs, AnEmptyBlobIsABlob) {
  SimDisk disk;
  Blobs blobs(disk, "blobs");
  EXPECT_EQ(*blobs.Read(*blobs.Put("")), "");
}

TEST(Blobs, MissingAndAlteredBytesAreToldApartFromGoodOnes) {
  SimDisk disk;
  Blobs blobs(disk, "blobs");
  EXPECT_EQ(blobs.Read(Sha256Hex("never put")).error().code, "E0505");
  const auto digest = blobs.Put(kBytes);
  ASSERT_TRUE(WriteFileDurably(disk, blobs.Path(*digest), "the bytes of a modem").ok());
  const auto read = blobs.Read(*digest);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, "E0505");
  EXPECT_NE(read.error().message.find("do not match its name"), std::string::npos);
}

TEST(Blobs, PuttingTheSameBytesAgainWritesNothing) {
  SimDisk disk;
  Blobs blobs(disk, "blobs");
  ASSERT_TRUE(blobs.Put(kBytes).ok());
  bool wrote = false;
  disk.Observe([&](const DiskOp& op) { wrote |= op.kind != DiskOp::Kind::kSyncFolder; });
  ASSERT_TRUE(blobs.Put(kBytes).ok());
  EXPECT_FALSE(wrote);
}

// Cuts `put` off at each of its ops, by a power loss with several damages or by a kill, then puts again and loses power
// again: what a Put acknowledged must be there.
void SurvivesEverything(const std::function<Status(SimDisk&)>& prepare,
                        const std::function<Result<std::string>(Blobs&)>& put) {
  SimDisk first;
  ASSERT_TRUE(prepare(first).ok());
  for (std::int64_t op = 0;; ++op) {
    SimDisk disk(first.image(), {.crash_at = op});
    Blobs blobs(disk, "blobs");
    const auto digest = put(blobs);
    for (std::uint64_t damage = 0; damage < 10; ++damage) {
      const bool killed = damage == 9;  // the disk goes on as it was
      SimDisk after(killed ? disk.image() : disk.image().AfterPowerLoss(damage));
      Blobs again(after, "blobs");
      if (digest.ok()) {
        ASSERT_TRUE(again.Read(*digest, ".bin").ok()) << "op " << op << " damage " << damage;
      }
      ASSERT_TRUE(again.RemoveTemporaries().ok());
      const auto second = put(again);
      ASSERT_TRUE(second.ok()) << "op " << op << " damage " << damage << ": " << ToText(second.error());
      SimDisk last(after.image().AfterPowerLoss(0));
      ASSERT_TRUE(Blobs(last, "blobs").Read(*second, ".bin").ok()) << "op " << op << " damage " << damage;
    }
    if (!disk.is_dead()) {
      EXPECT_GT(op, 5);
      return;
    }
  }
}

TEST(Blobs, APutThatWasAcknowledgedSurvivesACrashAtAnyOp) {
  SurvivesEverything([](SimDisk&) { return Ok(); }, [](Blobs& blobs) { return blobs.Put(kBytes, ".bin"); });
}

TEST(Blobs, AnAdoptionThatWasAcknowledgedSurvivesACrashAtAnyOp) {
  const auto drop_unsynced_file = [](SimDisk& disk) -> Status {
    TRY_OK(WriteFileDurably(disk, "feb.bin", ""));
    TRY(auto file, disk.OpenFile("feb.bin", StateFs::Open::kCreate));
    return file->WriteAt(0, std::as_bytes(std::span(kBytes)));
  };
  SurvivesEverything(drop_unsynced_file, [](Blobs& blobs) -> Result<std::string> {
    const auto digest = blobs.Adopt("feb.bin", ".bin");
    return digest;
  });
}

TEST(Blobs, AnAdoptedFileOutlivesItsFirstName) {
  SimDisk disk;
  Blobs blobs(disk, "blobs");
  ASSERT_TRUE(WriteFileDurably(disk, "feb.csv", kBytes).ok());
  const auto digest = blobs.Adopt("feb.csv", ".csv");
  ASSERT_TRUE(digest.ok());
  ASSERT_TRUE(disk.Unlink("feb.csv").ok());
  EXPECT_EQ(*blobs.Read(*digest, ".csv"), kBytes);
}

// A disk on which links are refused, as they are across file systems.
class NoLinks final : public testing::ForwardingStateFs {
 public:
  using ForwardingStateFs::ForwardingStateFs;
  Status Link(const std::string&, const std::string&) override {
    return Error{.code = "E0501", .message = "another file system"};
  }
};

TEST(Blobs, AcrossFileSystemsTheBytesAreCopied) {
  SimDisk disk;
  NoLinks files(disk);
  Blobs blobs(files, "blobs");
  const std::string large(3'000'000, 'x');
  ASSERT_TRUE(WriteFileDurably(disk, "feb.csv", large).ok());
  const auto digest = blobs.Adopt("feb.csv", ".csv");
  ASSERT_TRUE(digest.ok());
  auto file = disk.OpenFile("feb.csv", StateFs::Open::kCreate);
  ASSERT_TRUE((*file)->WriteAt(0, std::as_bytes(std::span(std::string_view("changed later")))).ok());
  SimDisk after(disk.image().AfterPowerLoss(0));
  EXPECT_EQ(*Blobs(after, "blobs").Read(*digest, ".csv"), large);
}

TEST(Blobs, AFileThatChangesWhileItIsReadIsNotKept) {
  SimDisk disk;
  Blobs blobs(disk, "blobs");
  ASSERT_TRUE(WriteFileDurably(disk, "feb.csv", kBytes).ok());
  auto writer = disk.OpenFile("feb.csv", StateFs::Open::kCreate);
  disk.Observe([&](const DiskOp& op) {
    if (op.kind != DiskOp::Kind::kLink) return;
    ASSERT_TRUE((*writer)->WriteAt(0, std::as_bytes(std::span(std::string_view("more")))).ok());
  });
  const auto digest = blobs.Adopt("feb.csv", ".csv");
  ASSERT_FALSE(digest.ok());
  EXPECT_EQ(digest.error().code, "E0202");
  EXPECT_FALSE(blobs.Has(Sha256Hex(kBytes), ".csv"));
}

TEST(Blobs, TemporariesOfACrashAreRemovedAndNothingElse) {
  SimDisk disk;
  Blobs blobs(disk, "blobs");
  EXPECT_TRUE(blobs.RemoveTemporaries().ok()) << "before there is any blob";
  const auto digest = blobs.Put(kBytes);
  ASSERT_TRUE(WriteFileDurably(disk, "blobs/" + Sha256Hex("cut off") + ".tmp", "cut o").ok());
  ASSERT_TRUE(blobs.RemoveTemporaries().ok());
  EXPECT_EQ(disk.List("blobs")->size(), 1u) << "the folder of the one blob";
  EXPECT_TRUE(blobs.Has(*digest));
}

}  // namespace
}  // namespace retrain::store
