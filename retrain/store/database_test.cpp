#include "retrain/store/database.h"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "retrain/testing/sim_disk.h"

namespace retrain::store {
namespace {

using testing::DiskFaults;
using testing::DiskOp;
using testing::SimDisk;

std::unique_ptr<Database> OpenOn(StateFs& files) {
  auto database = Database::Open(files, "state.db");
  RETRAIN_ALWAYS(database.ok());
  return std::move(database).value();
}

std::int64_t Count(Database& database) {
  const auto rows = database.Run("select count(*) from t");
  return rows.ok() ? (*rows)[0].Int(0) : -1;
}

TEST(Database, EveryKindOfValueComesBackAsItWas) {
  SimDisk disk;
  auto database = OpenOn(disk);
  ASSERT_TRUE(database->RunScript("create table t(i, r, s, n)").ok());
  const std::string bytes("a\0b", 3);
  ASSERT_TRUE(database->Run("insert into t values(?, ?, ?, ?)", {std::int64_t{1} << 62, 0.1, bytes, {}}).ok());
  const auto rows = database->Run("select i, r, s, n from t");
  ASSERT_TRUE(rows.ok());
  const auto& row = (*rows)[0];
  EXPECT_EQ(row.Int(0), std::int64_t{1} << 62);
  EXPECT_EQ(row.Real(1), 0.1);
  EXPECT_EQ(row.Text(2), bytes);
  EXPECT_TRUE(row.IsNull(3));
  EXPECT_EQ(row.Int(3), 0);
  EXPECT_TRUE(std::isnan(row.Real(3)));
}

TEST(Database, TellsWhatItChangedAndWhatItNumbered) {
  SimDisk disk;
  auto database = OpenOn(disk);
  ASSERT_TRUE(database->RunScript("create table t(id integer primary key, x)").ok());
  ASSERT_TRUE(database->Run("insert into t(x) values(?)", {std::int64_t{5}}).ok());
  ASSERT_TRUE(database->Run("insert into t(x) values(?)", {std::int64_t{6}}).ok());
  EXPECT_EQ(database->last_insert_id(), 2);
  ASSERT_TRUE(database->Run("update t set x = x + 1").ok());
  EXPECT_EQ(database->changed_rows(), 2);
}

TEST(Database, EachKindOfFailureHasItsCode) {
  SimDisk disk;
  auto database = OpenOn(disk);
  ASSERT_TRUE(database->RunScript("create table t(x unique)").ok());
  ASSERT_TRUE(database->Run("insert into t values(1)").ok());
  EXPECT_EQ(database->Run("insert into t values(1)").error().code, "E0402");
  EXPECT_EQ(database->Run("select nonsense").error().code, "E0501");
  auto other = OpenOn(disk);
  auto writing = Transaction::Begin(*other);
  ASSERT_TRUE(writing.ok());
  EXPECT_EQ(Transaction::Begin(*database).error().code, "E0401");
  EXPECT_EQ(Count(*database), 1) << "reading never waits for a writer";
}

TEST(Database, AFileThatIsNoDatabaseIsDamage) {
  SimDisk disk;
  ASSERT_TRUE(WriteFileDurably(disk, "state.db", std::string(4096, 'x')).ok());
  const auto opened = Database::Open(disk, "state.db");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, "E0502");
}

TEST(Database, AFolderThatIsNotThereIsToldWithItsPath) {
  SimDisk disk;
  const auto opened = Database::Open(disk, "nowhere/state.db");
  ASSERT_FALSE(opened.ok());
  EXPECT_EQ(opened.error().code, "E0501");
  EXPECT_NE(opened.error().message.find("nowhere/state.db"), std::string::npos);
}

TEST(Database, AFullDiskKeepsWhatWasCommittedAndWorksAgainWithSpace) {
  SimDisk disk;
  auto database = OpenOn(disk);
  ASSERT_TRUE(database->RunScript("create table t(x); insert into t values(1)").ok());
  disk.SetFaults({.space_bytes = 1000});
  const auto full = database->Run("insert into t values(?)", {std::string(50'000, 'x')});
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, "E0506");
  disk.SetFaults({});
  EXPECT_EQ(Count(*database), 1);
  EXPECT_TRUE(database->Run("insert into t values(2)").ok());
}

TEST(Database, NothingWorksAfterAFailedSyncUntilItIsOpenedAnew) {
  SimDisk disk;
  {
    auto database = OpenOn(disk);
    ASSERT_TRUE(database->RunScript("create table t(x); insert into t values(1)").ok());
    std::int64_t sync = -1;
    disk.Observe([&](const DiskOp& op) {
      if (op.kind == DiskOp::Kind::kSync && sync < 0) disk.SetFaults({.error_at = sync = disk.ops()});
    });
    EXPECT_FALSE(database->Run("insert into t values(2)").ok());
    EXPECT_GE(sync, 0);
    EXPECT_FALSE(database->Run("select 1").ok());
    EXPECT_FALSE(database->RunScript("insert into t values(3)").ok());
  }
  SimDisk later(disk.image().AfterPowerLoss(0));
  auto database = OpenOn(later);
  EXPECT_EQ(Count(*database), 1);
}

TEST(Transaction, RollsBackUnlessItIsCommitted) {
  SimDisk disk;
  auto database = OpenOn(disk);
  ASSERT_TRUE(database->RunScript("create table t(x)").ok());
  {
    auto transaction = Transaction::Begin(*database);
    ASSERT_TRUE(database->Run("insert into t values(1)").ok());
  }
  EXPECT_EQ(Count(*database), 0);
  EXPECT_FALSE(database->in_transaction());
  auto transaction = Transaction::Begin(*database);
  ASSERT_TRUE(database->Run("insert into t values(1)").ok());
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(Count(*database), 1);
}

TEST(Transaction, WhoJoinsLeavesTheLastWordToTheOwner) {
  SimDisk disk;
  auto database = OpenOn(disk);
  ASSERT_TRUE(database->RunScript("create table t(x)").ok());
  {
    auto owner = Transaction::Begin(*database);
    auto guest = Transaction::Join(*database);
    ASSERT_TRUE(database->Run("insert into t values(1)").ok());
    ASSERT_TRUE(guest->Commit().ok());
  }
  EXPECT_EQ(Count(*database), 0);
  auto alone = Transaction::Join(*database);
  ASSERT_TRUE(database->Run("insert into t values(1)").ok());
  ASSERT_TRUE(alone->Commit().ok());
  EXPECT_FALSE(database->in_transaction());
  EXPECT_EQ(Count(*database), 1);
}

TEST(Transaction, CommittedSurvivesAPowerLossAndCostsOneSync) {
  SimDisk disk;
  auto database = OpenOn(disk);
  ASSERT_TRUE(database->RunScript("create table t(x)").ok());
  int syncs = 0;
  disk.Observe(
      [&](const DiskOp& op) { syncs += op.kind == DiskOp::Kind::kSync || op.kind == DiskOp::Kind::kSyncFolder; });
  auto transaction = Transaction::Begin(*database);
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(database->Run("insert into t values(1)").ok());
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_EQ(syncs, 1);
  SimDisk later(disk.image().AfterPowerLoss(0));
  EXPECT_EQ(Count(*OpenOn(later)), 20);
}

TEST(Transaction, WhatAKilledProcessLeftUnsyncedIsSafeAfterASyncOfTheLog) {
  SimDisk disk;
  {
    auto database = OpenOn(disk);
    ASSERT_TRUE(database->RunScript("create table t(x)").ok());
    disk.SetFaults({.pretends = [](const DiskOp& op) { return op.kind == DiskOp::Kind::kSync; }});
    ASSERT_TRUE(database->Run("insert into t values(1)").ok());
  }
  SimDisk next(disk.image());  // the process is gone, the power is not
  const auto database = OpenOn(next);
  EXPECT_EQ(Count(*database), 1);
  ASSERT_TRUE(database->SyncLog().ok());
  SimDisk later(next.image().AfterPowerLoss(0));
  EXPECT_EQ(Count(*OpenOn(later)), 1);
}

TEST(Migrate, AppliesEachStepOnceAndRefusesAFuture) {
  SimDisk disk;
  auto database = OpenOn(disk);
  constexpr std::array<std::string_view, 2> kSteps = {"create table t(x)", "alter table t add column y"};
  ASSERT_TRUE(Migrate(*database, "room", std::span(kSteps).first(1)).ok());
  ASSERT_TRUE(database->Run("insert into t(x) values(1)").ok());
  ASSERT_TRUE(Migrate(*database, "room", kSteps).ok());
  ASSERT_TRUE(Migrate(*database, "room", kSteps).ok());
  EXPECT_TRUE(database->Run("select y from t").ok());
  const auto older = Migrate(*database, "room", std::span(kSteps).first(1));
  ASSERT_FALSE(older.ok());
  EXPECT_EQ(older.error().code, "E0503");
}

TEST(Migrate, AStepThatFailsLeavesNothingOfItsTransaction) {
  SimDisk disk;
  auto database = OpenOn(disk);
  constexpr std::array<std::string_view, 2> kSteps = {"create table t(x)", "create table broken("};
  EXPECT_FALSE(Migrate(*database, "room", kSteps).ok());
  EXPECT_EQ(Count(*database), -1) << "the first step was undone with the second";
  EXPECT_FALSE(database->in_transaction());
}

}  // namespace
}  // namespace retrain::store
