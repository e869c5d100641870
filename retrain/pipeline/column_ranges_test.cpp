#include "retrain/pipeline/column_ranges.h"

#include <gtest/gtest.h>

#include "retrain/testing/table_memory.h"

namespace retrain::pipeline {
namespace {

using testing::FrameOf;
using testing::kNullNumber;

TEST(ColumnRanges, NameTheColumnWithMostRowsThatAreOutside) {
  const std::vector<data::Field> columns = {{"x"}, {"y"}, {"word", data::ColumnType::kText}};
  ColumnRanges ranges(columns);
  ranges.Learn(FrameOf(2).Number("x", {1, 3}).Number("y", {0, kNullNumber}).Text("word", {"a", "b"}).Build());
  EXPECT_EQ(ranges.Worst().share, 0);
  ranges.Count(FrameOf(2).Number("x", {1, 3}).Number("y", {kNullNumber, 0}).Text("word", {"b", "a"}).Build());
  EXPECT_EQ(ranges.Worst().share, 0) << "all as it was";
  ranges.Count(FrameOf(2).Number("x", {2, 3.5}).Number("y", {0, 0}).Text("word", {"c", {}}).Build());
  EXPECT_EQ(ranges.Worst().column, "word") << "a level and a null that the reference does not have";
  EXPECT_EQ(ranges.Worst().share, 0.5);
  ranges.Count(FrameOf(2).Number("x", {0, kNullNumber}).Number("y", {0, 0}).Text("word", {"a", "a"}).Build());
  EXPECT_EQ(ranges.Worst().column, "x");
  EXPECT_EQ(ranges.Worst().share, 0.5) << "3 of 6";
}

}  // namespace
}  // namespace retrain::pipeline
