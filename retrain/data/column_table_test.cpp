#include "retrain/data/column_table.h"

#include <gtest/gtest.h>

#include "retrain/data/arrow/write_parquet.h"
#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::data {
namespace {

using testing::Cells;
using testing::FrameOf;
using testing::ReadAll;

const Frame kFrame = FrameOf(3).Number("x", {1, 2, 3}).Text("w", {"a", {}, "b"}).Integer("i", {7, 8, 9}).Build();

std::vector<std::string> Column(const ColumnTable& table, const std::string& name) {
  const auto source = table.Open({name});
  if (!source.ok()) return {ToText(source.error())};
  EXPECT_EQ((*source)->schema().Names(), std::vector<std::string>{name});
  return Cells(ReadAll(**source), name);
}

TEST(ColumnTable, ParquetFilesOfAFolderAreOneTable) {
  testing::SimDisk disk;
  ASSERT_TRUE(disk.MakeFolders("in").ok());
  ASSERT_TRUE(WriteParquet(disk, "in/1.parquet", {kFrame}).ok());
  ASSERT_TRUE(WriteParquet(disk, "in/2.parquet", {kFrame.Slice(1, 2)}).ok());
  const auto table = OpenColumns(disk, "in");
  ASSERT_TRUE(table.ok()) << ToText(table.error());
  EXPECT_EQ((*table)->rows(), 5);
  EXPECT_EQ((*table)->schema(), kFrame.schema());
  EXPECT_EQ(Column(**table, "w"), (std::vector<std::string>{"a", "null", "b", "null", "b"}));
  EXPECT_EQ(Column(**table, "i"), (std::vector<std::string>{"7", "8", "9", "8", "9"}));
}

TEST(ColumnTable, FilesThatAreNotParquetAreReadOnceAndKept) {
  testing::SimDisk disk;
  ASSERT_TRUE(WriteFileDurably(disk, "t.csv", "x,w\n1,a\n2.5,\n").ok());
  const auto table = OpenColumns(disk, "t.csv");
  ASSERT_TRUE(table.ok()) << ToText(table.error());
  ASSERT_TRUE(disk.Unlink("t.csv").ok());
  EXPECT_EQ((*table)->rows(), 2);
  EXPECT_EQ(Column(**table, "x"), (std::vector<std::string>{"1", "2.5"}));
  EXPECT_EQ(Column(**table, "w"), (std::vector<std::string>{"a", "null"}));
}

TEST(ColumnTable, AFileThatIsNotWholeSaysWhy) {
  testing::SimDisk disk;
  ASSERT_TRUE(WriteFileDurably(disk, "t.parquet", "PAR1 and no more").ok());
  const auto table = OpenColumns(disk, "t.parquet");
  ASSERT_FALSE(table.ok());
  EXPECT_EQ(table.error().code, "E0202");
  EXPECT_EQ(OpenColumns(disk, "none.parquet").error().code, "E0201");
}

TEST(FrameColumns, GivesTheColumnsInTheOrderAskedFor) {
  const FrameColumns table(kFrame.schema(), {kFrame.Slice(0, 0), kFrame, kFrame.Slice(0, 1)});
  EXPECT_EQ(table.rows(), 4);
  const auto source = table.Open({"i", "x"});
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->schema().Names(), (std::vector<std::string>{"i", "x"}));
  EXPECT_EQ(Cells(ReadAll(**source), "x"), (std::vector<std::string>{"1", "2", "3", "1"}));
}

}  // namespace
}  // namespace retrain::data
