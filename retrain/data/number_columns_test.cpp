#include "retrain/data/number_columns.h"

#include <gtest/gtest.h>

#include "retrain/testing/table_memory.h"

namespace retrain::data {
namespace {

using testing::Cells;
using testing::FrameOf;
using testing::ReadAll;
using Texts = std::vector<std::string>;

std::vector<Frame> Read(const ColumnTable& table, const Texts& columns) {
  const auto source = table.Open(columns);
  RETRAIN_ALWAYS(source.ok());
  EXPECT_EQ((*source)->schema().Names(), columns);
  return ReadAll(**source);
}

TEST(NumberColumns, StandBesideThoseOfATableInTheOrderThatIsAskedFor) {
  const Frame frame = FrameOf(3).Text("w", {"a", {}, "b"}).Integer("i", {7, 8, 9}).Build();
  const FrameColumns table(frame.schema(), {frame.Slice(0, 1), frame.Slice(1, 2)});
  const NumberColumns wide({{"p", {0.5, testing::kNullNumber, 0.25}}}, &table);
  EXPECT_EQ(wide.rows(), 3);
  EXPECT_EQ(wide.schema().Names(), (Texts{"w", "i", "p"}));
  const auto rows = Read(wide, {"p", "w"});
  EXPECT_EQ(Cells(rows, "p"), (Texts{"0.5", "null", "0.25"}));
  EXPECT_EQ(Cells(rows, "w"), (Texts{"a", "null", "b"}));
  EXPECT_EQ(Cells(Read(wide, {"i"}), "i"), (Texts{"7", "8", "9"}));
}

TEST(NumberColumns, AreATableOfTheirOwnInFramesOfBoundedSize) {
  std::vector<double> many(100'000);
  for (std::size_t row = 0; row < many.size(); ++row) many[row] = static_cast<double>(row);
  const auto frames = Read(NumberColumns({{"p", many}}), {"p"});
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames[0].rows(), 65'536);
  EXPECT_EQ(frames[1].column(0).numbers.back(), 99'999);
  EXPECT_TRUE(Read(NumberColumns({{.name = "p"}}), {"p"}).empty());
}

}  // namespace
}  // namespace retrain::data
