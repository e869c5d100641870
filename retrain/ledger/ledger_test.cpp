#include "retrain/ledger/ledger.h"

#include <gtest/gtest.h>

#include "retrain/base/sha256.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::ledger {
namespace {

using testing::DiskOp;
using testing::SimDisk;
using Kind = Sighting::Kind;

constexpr Instant kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours(12)};
constexpr std::string_view kJanuary = "x,label\n1,0\n2,1\n";
constexpr std::string_view kFebruary = "x,label\n3,0\n4,1\n5,1\n";

class LedgerTest : public ::testing::Test {
 protected:
  LedgerTest() { RETRAIN_ALWAYS(disk_.MakeFolders("new").ok()); }

  void Drop(const std::string& name, std::string_view bytes) {
    RETRAIN_ALWAYS(WriteFileDurably(disk_, "new/" + name, bytes).ok());
  }
  Result<std::vector<Sighting>> Scan() { return ledger_.Scan({"new"}, kNoon); }

  SimDisk disk_;
  store::Blobs data_{disk_, "data"};
  std::unique_ptr<store::Database> database_ = std::move(store::Database::Open(disk_, "state.db")).value();
  Ledger ledger_ = std::move(Ledger::Open(*database_, data_, disk_)).value();
};

TEST_F(LedgerTest, NewFilesBecomeChunksInTheOrderOfTheirNames) {
  Drop("feb.csv", kFebruary);
  Drop("jan.csv", kJanuary);
  const auto seen = Scan();
  ASSERT_TRUE(seen.ok()) << ToText(seen.error());
  EXPECT_EQ(*seen, (std::vector<Sighting>{{.path = "new/feb.csv"}, {.path = "new/jan.csv"}}));
  const auto chunks = ledger_.All();
  ASSERT_EQ(chunks->size(), 2u);
  const auto& first = (*chunks)[0];
  EXPECT_EQ(first.id, ChunkId{1});
  EXPECT_EQ(first.digest, Sha256Hex(kFebruary));
  EXPECT_EQ(first.name, "new/feb.csv");
  EXPECT_EQ(first.suffix, ".csv");
  EXPECT_EQ(first.rows, 3);
  EXPECT_EQ(first.size_bytes, static_cast<std::int64_t>(kFebruary.size()));
  EXPECT_EQ(first.schema.Names(), (std::vector<std::string>{"x", "label"}));
  EXPECT_EQ(first.arrived_at, kNoon);
  EXPECT_EQ(ledger_.After(ChunkId{1})->size(), 1u);
}

TEST_F(LedgerTest, ConsumedBytesOutliveTheirFile) {
  Drop("jan.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  ASSERT_TRUE(disk_.Unlink("new/jan.csv").ok());
  EXPECT_EQ(*ReadFile(disk_, ledger_.Path((*ledger_.All())[0])), kJanuary);
  EXPECT_TRUE(Scan()->empty());
}

TEST_F(LedgerTest, AFileSeenBeforeIsSkippedAndNotReadAgain) {
  Drop("jan.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  const auto ops = disk_.ops();
  const auto again = Scan();
  ASSERT_TRUE(again.ok());
  EXPECT_EQ((*again)[0], (Sighting{.path = "new/jan.csv", .kind = Kind::kSeen, .note = "taken in before (chunk 1)"}));
  EXPECT_EQ(disk_.ops(), ops) << "nothing was written";
}

TEST_F(LedgerTest, TheSameBytesUnderAnotherNameAreSkippedWithTheNameOfTheFirst) {
  Drop("jan.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  Drop("january.csv", kJanuary);
  const auto seen = Scan();
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ((*seen)[1],
            (Sighting{.path = "new/january.csv", .kind = Kind::kSeen, .note = "same bytes as new/jan.csv (chunk 1)"}));
  EXPECT_EQ(ledger_.All()->size(), 1u);
}

TEST_F(LedgerTest, TwinsThatArriveTogetherAreOneChunk) {
  Drop("a.csv", kJanuary);
  Drop("b.csv", kJanuary);
  const auto seen = Scan();
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ((*seen)[1].kind, Kind::kSeen);
  EXPECT_EQ((*seen)[1].note, "same bytes as new/a.csv");
  EXPECT_EQ(ledger_.All()->size(), 1u);
}

TEST_F(LedgerTest, AFileThatChangedAfterAVersionLearnedFromItIsAnErrorAndNothingElseIsTakenIn) {
  Drop("jan.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  ASSERT_TRUE(ledger_.RecordUse(VersionId{1}, *ledger_.All()).ok());
  Drop("jan.csv", kFebruary);
  Drop("mar.csv", "x,label\n9,1\n");
  const auto seen = Scan();
  ASSERT_FALSE(seen.ok());
  EXPECT_EQ(seen.error().code, "E0209");
  EXPECT_NE(seen.error().message.find(Sha256Hex(kJanuary).substr(0, 12)), std::string::npos) << seen.error().message;
  EXPECT_NE(seen.error().message.find(Sha256Hex(kFebruary).substr(0, 12)), std::string::npos);
  EXPECT_EQ(seen.error().kept, "the former bytes are kept");
  EXPECT_EQ(ledger_.All()->size(), 1u);
}

TEST_F(LedgerTest, AFileMendedBeforeAnythingLearnedFromItReplacesItsChunk) {
  Drop("jan.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  Drop("jan.csv", kFebruary);
  const auto seen = Scan();
  ASSERT_TRUE(seen.ok()) << ToText(seen.error());
  EXPECT_EQ((*seen)[0], (Sighting{.path = "new/jan.csv",
                                  .kind = Kind::kNew,
                                  .note = "replaces chunk 1, which no version has learned from"}));
  const auto chunks = ledger_.All();
  ASSERT_EQ(chunks->size(), 1u);
  EXPECT_EQ((*chunks)[0].id, ChunkId{2});
  EXPECT_EQ((*chunks)[0].digest, Sha256Hex(kFebruary));

  Drop("jan.csv", kJanuary);  // and back: the bytes that were forgotten are taken in anew
  ASSERT_TRUE(Scan().ok());
  EXPECT_EQ(*ReadFile(disk_, ledger_.Path(ledger_.All()->front())), kJanuary);
}

TEST_F(LedgerTest, AMendedFileLeavesTheChunkOfItsTwin) {
  Drop("a.csv", kJanuary);
  Drop("b.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  Drop("a.csv", kFebruary);
  ASSERT_TRUE(Scan().ok());
  EXPECT_EQ(ledger_.All()->size(), 2u);
}

TEST_F(LedgerTest, AFileOverwrittenInPlaceTakesItsKeptBytesWithItAndTheErrorSaysSo) {
  Drop("jan.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  ASSERT_TRUE(ledger_.RecordUse(VersionId{1}, *ledger_.All()).ok());
  ASSERT_TRUE((*disk_.OpenFile("new/jan.csv", StateFs::Open::kCreate))
                  ->WriteAt(8, std::as_bytes(std::span(std::string_view("7"))))
                  .ok());
  const auto seen = Scan();
  ASSERT_FALSE(seen.ok());
  EXPECT_EQ(seen.error().code, "E0209");
  EXPECT_NE(seen.error().kept.find("overwritten in place"), std::string::npos);
}

TEST_F(LedgerTest, TouchingAFileIsNoChange) {
  Drop("jan.csv", kJanuary);
  ASSERT_TRUE(Scan().ok());
  Drop("jan.csv", kJanuary);
  const auto seen = Scan();
  ASSERT_TRUE(seen.ok());
  EXPECT_EQ((*seen)[0].kind, Kind::kSeen);
}

TEST_F(LedgerTest, FilesStillBeingWrittenAreLeftForLater) {
  Drop("jan.csv.tmp", kJanuary);
  Drop("feb.parquet", "PAR1 and no footer yet");
  Drop("mar.csv", kFebruary);
  const auto seen = Scan();
  ASSERT_TRUE(seen.ok()) << ToText(seen.error());
  int left = 0;
  for (const auto& sighting : *seen) left += sighting.kind == Kind::kUnready;
  EXPECT_EQ(ledger_.All()->size(), 1u);
  EXPECT_EQ((*ledger_.All())[0].name, "new/mar.csv");
  EXPECT_GE(left, 1);
}

TEST_F(LedgerTest, AFileThatGrowsWhileItIsReadIsLeftForLater) {
  Drop("jan.csv", kJanuary);
  bool grown = false;
  disk_.Observe([&](const DiskOp& op) {
    if (grown || op.kind != DiskOp::Kind::kLink) return;
    grown = true;
    RETRAIN_ALWAYS(
        (*disk_.OpenFile("new/jan.csv", StateFs::Open::kCreate))
            ->WriteAt(static_cast<std::int64_t>(kJanuary.size()), std::as_bytes(std::span(std::string_view("3,1\n"))))
            .ok());
  });
  const auto seen = Scan();
  ASSERT_TRUE(seen.ok()) << ToText(seen.error());
  EXPECT_TRUE(grown);
  EXPECT_EQ((*seen)[0].kind, Kind::kUnready);
  EXPECT_TRUE(ledger_.All()->empty());
  const auto later = Scan();
  ASSERT_TRUE(later.ok());
  EXPECT_EQ((*later)[0].kind, Kind::kNew);
  EXPECT_EQ((*ledger_.All())[0].rows, 3);
}

TEST_F(LedgerTest, AllUnreadableFilesOfAScanAreNamedAtOnce) {
  Drop("a.csv", "x,label\n1,0,7\n");
  Drop("b.csv", "x,label\n1,0\n1\n");
  Drop("c.csv", kJanuary);
  const auto seen = Scan();
  ASSERT_FALSE(seen.ok());
  EXPECT_EQ(seen.error().code, "E0202");
  EXPECT_EQ(seen.error().more.size(), 1u);
  EXPECT_TRUE(ledger_.All()->empty());
}

TEST_F(LedgerTest, AFolderThatIsNotThereIsAnError) {
  const auto seen = ledger_.Scan({"nowhere"}, kNoon);
  ASSERT_FALSE(seen.ok());
  EXPECT_EQ(seen.error().code, "E0201");
}

TEST_F(LedgerTest, AVersionKnowsItsChunks) {
  Drop("jan.csv", kJanuary);
  Drop("feb.csv", kFebruary);
  ASSERT_TRUE(Scan().ok());
  const auto chunks = *ledger_.All();
  ASSERT_TRUE(ledger_.RecordUse(VersionId{1}, {chunks[0]}).ok());
  ASSERT_TRUE(ledger_.RecordUse(VersionId{2}, chunks).ok());
  ASSERT_TRUE(ledger_.RecordUse(VersionId{2}, chunks).ok()) << "a stage that is done again";
  EXPECT_EQ(*ledger_.UsedBy(VersionId{1}), std::vector<ChunkId>{ChunkId{1}});
  EXPECT_EQ(*ledger_.UsedBy(VersionId{2}), (std::vector<ChunkId>{ChunkId{1}, ChunkId{2}}));
  EXPECT_TRUE(ledger_.UsedBy(VersionId{3})->empty());
}

}  // namespace
}  // namespace retrain::ledger
