#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "retrain/base/state_fs.h"
#include "retrain/store/database.h"

namespace retrain::testing {

// A file system to try, with an empty folder of it. Whoever makes one removes what it leaves.
class StateFsUnderTest {
 public:
  virtual ~StateFsUnderTest() = default;
  virtual StateFs& files() = 0;
  virtual std::string folder() = 0;
};

// What every StateFs promises. Include it in one test of a program and instantiate it there:
//   INSTANTIATE_TEST_SUITE_P(Real, StateFsConformance, ::testing::Values(&MakeReal));
class StateFsConformance : public ::testing::TestWithParam<std::unique_ptr<StateFsUnderTest> (*)()> {
 protected:
  StateFs& files() { return world_->files(); }
  std::string folder() { return world_->folder(); }
  std::string In(const std::string& name) { return folder() + "/" + name; }

  void Write(const std::string& name, std::string_view bytes) {
    auto file = files().OpenFile(In(name), StateFs::Open::kCreate);
    ASSERT_TRUE(file.ok()) << ToText(file.error());
    ASSERT_TRUE((*file)->Truncate(0).ok());
    ASSERT_TRUE((*file)->WriteAt(0, std::as_bytes(std::span(bytes))).ok());
    ASSERT_TRUE((*file)->Sync().ok());
  }
  std::string Read(const std::string& name) {
    const auto bytes = ReadFile(files(), In(name));
    return bytes.ok() ? *bytes : std::string(bytes.error().code);
  }

 private:
  std::unique_ptr<StateFsUnderTest> world_ = GetParam()();
};

TEST_P(StateFsConformance, GivesBackTheBytesThatWereWritten) {
  Write("a", "hello");
  EXPECT_EQ(Read("a"), "hello");
  auto file = files().OpenFile(In("a"), StateFs::Open::kCreate);
  ASSERT_TRUE(file.ok());
  ASSERT_TRUE((*file)->WriteAt(8, std::as_bytes(std::span(std::string_view("far")))).ok());
  EXPECT_EQ(Read("a"), std::string("hello\0\0\0far", 11));
  ASSERT_TRUE((*file)->Truncate(4).ok());
  EXPECT_EQ(*(*file)->Size(), 4);
  std::byte buffer[10];
  EXPECT_EQ(*(*file)->ReadAt(1, buffer), 3u);
  EXPECT_EQ(*(*file)->ReadAt(9, buffer), 0u);
}

TEST_P(StateFsConformance, TellsWhatIsThereAndWhatIsNot) {
  EXPECT_FALSE(files().Exists(In("a")));
  EXPECT_EQ(files().Stat(In("a")).error().code, "E0201");
  EXPECT_EQ(files().OpenFile(In("a"), StateFs::Open::kRead).error().code, "E0201");
  EXPECT_EQ(files().OpenFile(In("nowhere/a"), StateFs::Open::kCreate).error().code, "E0201");
  EXPECT_EQ(files().List(In("nowhere")).error().code, "E0201");
  EXPECT_EQ(files().SyncFolder(In("nowhere")).error().code, "E0201");
  Write("a", "12345");
  EXPECT_TRUE(files().Exists(In("a")));
  EXPECT_EQ(files().Stat(In("a"))->size_bytes, 5);
  EXPECT_FALSE(files().Stat(In("a"))->is_folder);
  EXPECT_FALSE(files().OpenFile(folder(), StateFs::Open::kRead).ok()) << "a folder has no bytes";
}

TEST_P(StateFsConformance, ListsNamesInOrder) {
  EXPECT_TRUE(files().List(folder())->empty());
  ASSERT_TRUE(files().MakeFolders(In("d/e")).ok());
  for (const char* name : {"d/c", "d/a", "d/b", "d/e/x"}) Write(name, "1");
  EXPECT_EQ(*files().List(In("d")), (std::vector<std::string>{"a", "b", "c", "e"}));
}

TEST_P(StateFsConformance, MakesFoldersOnceAndNotOverAFile) {
  ASSERT_TRUE(files().MakeFolders(In("x/y/z")).ok());
  EXPECT_TRUE(files().MakeFolders(In("x/y/z")).ok());
  EXPECT_TRUE(files().Stat(In("x/y"))->is_folder);
  Write("x/file", "1");
  EXPECT_EQ(files().MakeFolders(In("x/file")).error().code, "E0501");
  EXPECT_EQ(files().MakeFolders(In("x/file/below")).error().code, "E0501");
}

TEST_P(StateFsConformance, RenamingReplacesAndAnOpenFileStaysWhatItWas) {
  Write("old", "old");
  Write("new", "new");
  auto held = files().OpenFile(In("old"), StateFs::Open::kRead);
  ASSERT_TRUE(held.ok());
  ASSERT_TRUE(files().Rename(In("new"), In("old")).ok());
  EXPECT_EQ(Read("old"), "new");
  EXPECT_FALSE(files().Exists(In("new")));
  std::byte buffer[3];
  ASSERT_EQ(*(*held)->ReadAt(0, buffer), 3u);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(buffer), 3), "old");
  EXPECT_EQ(files().Rename(In("new"), In("old")).error().code, "E0201");
  EXPECT_TRUE(files().SyncFolder(folder()).ok());
}

TEST_P(StateFsConformance, ALinkIsASecondNameOfTheSameBytes) {
  Write("one", "same");
  ASSERT_TRUE(files().Link(In("one"), In("two")).ok());
  EXPECT_FALSE(files().Link(In("one"), In("two")).ok()) << "the name is taken";
  ASSERT_TRUE(files().Unlink(In("one")).ok());
  EXPECT_EQ(Read("two"), "same");
  EXPECT_TRUE(files().Unlink(In("one")).ok()) << "nothing there is no error";
}

TEST_P(StateFsConformance, AChangeOfBytesShowsInWhenTheyChanged) {
  Write("a", "1234");
  const auto before = *files().Stat(In("a"));
  EXPECT_EQ(*files().Stat(In("a")), before);
  for (int attempt = 0; attempt < 10'000 && *files().Stat(In("a")) == before; ++attempt) Write("a", "4321");
  EXPECT_NE(*files().Stat(In("a")), before);
}

TEST_P(StateFsConformance, ALockExcludesAndNamesItsHolderUntilItIsReleased) {
  auto lock = files().Lock(In("lock"), "`retrain run` (process 7)");
  ASSERT_TRUE(lock.ok());
  const auto second = files().Lock(In("lock"), "another");
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "E0401");
  EXPECT_NE(second.error().message.find("`retrain run` (process 7)"), std::string::npos) << second.error().message;
  lock.value().reset();
  EXPECT_TRUE(files().Lock(In("lock"), "another").ok());
}

TEST_P(StateFsConformance, WritesAWholeFileOrNone) {
  ASSERT_TRUE(WriteFileDurably(files(), In("f"), "first").ok());
  ASSERT_TRUE(WriteFileDurably(files(), In("f"), "2nd").ok());
  EXPECT_EQ(Read("f"), "2nd");
  EXPECT_FALSE(files().Exists(In("f.tmp")));
}

TEST_P(StateFsConformance, SqliteReadsWhatItWroteOverTwoConnections) {
  {
    auto first = store::Database::Open(files(), In("state.db"));
    ASSERT_TRUE(first.ok()) << ToText(first.error());
    ASSERT_TRUE((*first)->RunScript("create table t(x); insert into t values(1), (2)").ok());
    auto second = store::Database::Open(files(), In("state.db"));
    ASSERT_TRUE(second.ok()) << ToText(second.error());
    auto writing = store::Transaction::Begin(**second);
    ASSERT_TRUE(writing.ok());
    ASSERT_TRUE((*second)->Run("insert into t values(3)").ok());
    EXPECT_EQ((*(*first)->Run("select sum(x) from t"))[0].Int(0), 3) << "not committed, not seen";
    ASSERT_TRUE(writing->Commit().ok());
    EXPECT_EQ((*(*first)->Run("select sum(x) from t"))[0].Int(0), 6);
  }
  auto later = store::Database::Open(files(), In("state.db"));
  ASSERT_TRUE(later.ok());
  EXPECT_EQ((*(*later)->Run("select sum(x) from t"))[0].Int(0), 6);
  EXPECT_TRUE((*later)->CheckIntegrity().ok());
}

}  // namespace retrain::testing
