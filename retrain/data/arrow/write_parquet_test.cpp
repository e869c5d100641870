#include "retrain/data/arrow/write_parquet.h"

#include <gtest/gtest.h>

#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::data {
namespace {

using testing::FrameOf;

const Frame kFrame = FrameOf(3).Number("x", {1, 2, 3}).Text("w", {"a", {}, "b"}).Build();

TEST(WriteParquet, AFullDiskLeavesTheOldFileAndNoTemporaryOne) {
  testing::SimDisk disk;
  ASSERT_TRUE(WriteParquet(disk, "t.parquet", {kFrame}).ok());
  const auto before = ReadFile(disk, "t.parquet");
  disk.SetFaults({.space_bytes = 100});
  const auto status = WriteParquet(disk, "t.parquet", {kFrame, kFrame});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, "E0506");
  EXPECT_EQ(*ReadFile(disk, "t.parquet"), *before);
  EXPECT_EQ(*disk.List("."), std::vector<std::string>{"t.parquet"});
}

TEST(WriteParquet, AnErrorOfTheSourceIsItsError) {
  class Broken final : public TableSource {
   public:
    const Schema& schema() const override { return kFrame.schema(); }
    Result<std::optional<Frame>> Next() override { return Error{.code = "E0202", .message = "torn"}; }
  };
  testing::SimDisk disk;
  Broken source;
  const auto status = WriteParquet(disk, "t.parquet", source);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().message, "torn");
  EXPECT_FALSE(disk.Exists("t.parquet"));
}

TEST(WriteParquet, AFileWithoutRowsKeepsItsColumns) {
  testing::SimDisk disk;
  ASSERT_TRUE(WriteParquet(disk, "t.parquet", {kFrame.Slice(0, 0)}).ok());
  const auto source = OpenFile(disk, "t.parquet");
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->schema(), kFrame.schema());
  EXPECT_EQ(*CountRows(disk, "t.parquet"), 0);
}

}  // namespace
}  // namespace retrain::data
