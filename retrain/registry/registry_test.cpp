#include "retrain/registry/registry.h"

#include <gtest/gtest.h>

#include "retrain/testing/sim_disk.h"

namespace retrain::registry {
namespace {

using testing::SimDisk;

constexpr Instant kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1} + std::chrono::hours(12)};

class RegistryTest : public ::testing::Test {
 protected:
  VersionId AddVersion(const std::string& family, VersionId parent = {}) {
    const auto digest = artifacts_.Put(model::Encode({.family = family}));
    const auto id = registry_.Add({.digest = *digest, .parent = parent, .strategy = "full", .created_at = kNoon});
    RETRAIN_ALWAYS(id.ok());
    return *id;
  }
  Result<Alias> Champion(VersionId to, std::int64_t expected_epoch, const std::string& who = "run 1") {
    return registry_.Move(
        {.name = std::string(kChampion), .to = to, .who = who, .why = "better", .evidence = Json(1), .at = kNoon},
        expected_epoch);
  }
  static std::unique_ptr<store::Database> OpenDatabase(StateFs& files) {
    return std::move(store::Database::Open(files, "state.db")).value();
  }

  SimDisk disk_;
  store::Blobs artifacts_{disk_, "artifacts"};
  std::unique_ptr<store::Database> database_ = OpenDatabase(disk_);
  Registry registry_ = std::move(Registry::Open(*database_, artifacts_)).value();
};

TEST_F(RegistryTest, AVersionComesBackAsItWasAdded) {
  Json metrics;
  metrics.Set("accuracy", 0.9);
  const auto digest = artifacts_.Put(model::Encode({.family = "constant"}));
  const Version version{.digest = *digest,
                        .parent = VersionId{0},
                        .strategy = "incremental",
                        .watermark = ChunkId{4},
                        .run = RunId{2},
                        .metrics = metrics,
                        .created_at = kNoon};
  const auto id = registry_.Add(version);
  ASSERT_TRUE(id.ok());
  Version expected = version;
  expected.id = *id;
  EXPECT_EQ(*registry_.Get(*id), expected);
  EXPECT_EQ(*registry_.All(), std::vector<Version>{expected});
  EXPECT_EQ(registry_.LoadArtifact(*id)->family, "constant");
}

TEST_F(RegistryTest, AProfileIsKeptWithAVersionOnceAndForAll) {
  const auto profile = *artifacts_.Put("counts");
  const auto artifact = *artifacts_.Put(model::Encode({.family = "constant"}));
  const auto with = registry_.Add({.digest = artifact, .strategy = "full", .profile = profile});
  ASSERT_TRUE(with.ok()) << ToText(with.error());
  EXPECT_EQ(registry_.Get(*with)->profile, profile);
  const auto without = AddVersion("constant");
  EXPECT_EQ(registry_.Get(without)->profile, "");
  EXPECT_EQ(registry_.KeepProfile(without, std::string(64, 'a')).error().code, "E0505");
  EXPECT_TRUE(registry_.KeepProfile(without, profile).ok());
  EXPECT_EQ(registry_.Get(without)->profile, profile);
  EXPECT_TRUE(registry_.KeepProfile(without, *artifacts_.Put("other counts")).ok()) << "another process was faster";
  EXPECT_FALSE(database_->Run("update version_profiles set profile = 'x'").ok());
  EXPECT_FALSE(database_->Run("delete from version_profiles").ok());
  EXPECT_EQ(registry_.Get(without)->profile, profile);
}

TEST_F(RegistryTest, AVersionWhoseArtifactIsNotKeptIsRefused) {
  const auto id = registry_.Add({.digest = std::string(64, 'a'), .strategy = "full"});
  ASSERT_FALSE(id.ok());
  EXPECT_EQ(id.error().code, "E0505");
}

TEST_F(RegistryTest, UnknownVersionsAreToldWithTheLastOne) {
  EXPECT_EQ(registry_.Get(VersionId{1}).error().code, "E0504");
  AddVersion("a");
  EXPECT_NE(registry_.Get(VersionId{7}).error().message.find("the last one is 1"), std::string::npos);
  EXPECT_EQ(Champion(VersionId{7}, 0).error().code, "E0504");
}

TEST_F(RegistryTest, AnAliasMovesOnlyFromTheEpochThatTheCallerSaw) {
  const auto one = AddVersion("a");
  const auto two = AddVersion("b", one);
  ASSERT_TRUE(Champion(one, 0).ok());
  const auto moved = Champion(two, 1, "run 2");
  ASSERT_TRUE(moved.ok());
  EXPECT_EQ(*moved, (Alias{.name = "champion", .version = two, .epoch = 2}));
  const auto late = Champion(one, 1, "run 3");
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, "E0402");
  EXPECT_EQ(late.error().message,
            "`champion` was moved to version 2 by run 2 at 2026-03-01T12:00:00.000Z (move 2; move 1 was expected to be "
            "the last)");
  EXPECT_EQ(*registry_.Find(kChampion), std::optional(*moved));
  EXPECT_EQ(Champion(one, 9).error().code, "E0402") << "an epoch of the future";
}

TEST_F(RegistryTest, TheJournalTellsEveryMoveWithoutAGapAndPreviousFollowsTheChampion) {
  const auto one = AddVersion("a");
  const auto two = AddVersion("b");
  ASSERT_TRUE(Champion(one, 0).ok());
  ASSERT_TRUE(Champion(two, 1).ok());
  ASSERT_TRUE(Champion(one, 2).ok());
  const auto moves = registry_.Moves(kChampion);
  ASSERT_EQ(moves->size(), 3u);
  VersionId last{};
  for (std::size_t i = 0; i < moves->size(); ++i) {
    EXPECT_EQ((*moves)[i].epoch, static_cast<std::int64_t>(i) + 1);
    EXPECT_EQ((*moves)[i].from, last);
    EXPECT_EQ((*moves)[i].evidence, Json(1));
    last = (*moves)[i].to;
  }
  EXPECT_EQ(last, one);
  EXPECT_EQ((*registry_.Find(kPrevious))->version, two);
  EXPECT_EQ(registry_.Moves(kPrevious)->size(), 2u);
  EXPECT_EQ(registry_.Aliases()->size(), 2u);
}

TEST_F(RegistryTest, AMoveCommitsOrFallsWithTheCallersTransaction) {
  const auto one = AddVersion("a");
  {
    auto transaction = store::Transaction::Begin(*database_);
    ASSERT_TRUE(Champion(one, 0).ok());
  }
  EXPECT_EQ(*registry_.Find(kChampion), std::nullopt);
  EXPECT_TRUE(registry_.Moves(kChampion)->empty());
}

TEST_F(RegistryTest, HistoryCannotBeRewrittenNotEvenBySql) {
  const auto one = AddVersion("a");
  ASSERT_TRUE(Champion(one, 0).ok());
  EXPECT_FALSE(database_->Run("update versions set digest = 'x'").ok());
  EXPECT_FALSE(database_->Run("delete from versions").ok());
  EXPECT_FALSE(database_->Run("update alias_moves set who = 'nobody'").ok());
  EXPECT_FALSE(database_->Run("delete from alias_moves").ok());
}

TEST_F(RegistryTest, AnAlteredArtifactIsNotLoaded) {
  const auto one = AddVersion("a");
  const auto version = *registry_.Get(one);
  ASSERT_TRUE(WriteFileDurably(disk_, registry_.ArtifactPath(version), "altered").ok());
  EXPECT_EQ(registry_.LoadArtifact(one).error().code, "E0505");
}

}  // namespace
}  // namespace retrain::registry
