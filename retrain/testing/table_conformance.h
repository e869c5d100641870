#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::testing {

// A way to read a table: writes `frame` down in its format and opens it with frames of at most `batch_rows`.
struct TableFormat {
  std::string name;
  std::function<Result<std::unique_ptr<data::TableSource>>(SimDisk& disk, const data::Frame& frame,
                                                           std::int64_t batch_rows)>
      open;
};
inline void PrintTo(const TableFormat& format, std::ostream* out) { *out << format.name; }

// What every TableSource promises. Include it in one test of a program and instantiate it there:
//   INSTANTIATE_TEST_SUITE_P(Parquet, TableConformance, ::testing::Values(TableFormat{"Parquet", &OpenAsParquet}));
class TableConformance : public ::testing::TestWithParam<TableFormat> {
 protected:
  std::unique_ptr<data::TableSource> Open(const data::Frame& frame, std::int64_t batch_rows = 65'536) {
    auto source = GetParam().open(disk_, frame, batch_rows);
    if (!source.ok()) Bug(ToText(source.error()).c_str(), __FILE__, __LINE__);
    return std::move(source).value();
  }

  static data::Frame Counted(std::int64_t rows) {
    std::vector<double> numbers;
    std::vector<std::optional<std::string>> words;
    for (std::int64_t i = 0; i < rows; ++i) {
      numbers.push_back(static_cast<double>(i) + 0.5);
      words.push_back(fmt::format("w{}", i % 7));
    }
    return FrameOf(rows).Number("x", numbers).Text("w", words).Build();
  }

 private:
  SimDisk disk_;
};

TEST_P(TableConformance, GivesBackEveryTypeAndItsNulls) {
  constexpr double kHalfPastNoon = 1'772'368'200e6;  // 2026-03-01 12:30 UTC
  const auto written = FrameOf(4)
                           .Number("number", {1.5, kNullNumber, -0.25, 1e300})
                           .Integer("integer", {1, -2, kNullNumber, 9007199254740992})
                           .Boolean("boolean", {1, 0, kNullNumber, 1})
                           .Text("text", {"a", {}, "b, \"c\"\nd", "a"})
                           .Time("time", {kHalfPastNoon, 0, kNullNumber, kHalfPastNoon + 250'000})
                           .Build();
  const auto source = Open(written);
  EXPECT_EQ(source->schema().fields, written.schema().fields);
  const auto read = ReadAll(*source);
  for (const auto& name : written.schema().Names()) {
    EXPECT_EQ(Cells(read, name), Cells({written}, name)) << name;
  }
}

TEST_P(TableConformance, KeepsTheOrderOfTheRowsOverFramesOfAtMostTheSizeAskedFor) {
  const auto written = Counted(1000);
  const auto source = Open(written, 64);
  const auto read = ReadAll(*source);
  EXPECT_GE(read.size(), 1000u / 64);
  for (const auto& frame : read) {
    EXPECT_LE(frame.rows(), 64);
    EXPECT_GT(frame.rows(), 0);
    EXPECT_EQ(frame.schema().fields, source->schema().fields);
  }
  EXPECT_EQ(Cells(read, "x"), Cells({written}, "x"));
  EXPECT_EQ(Cells(read, "w"), Cells({written}, "w"));
}

TEST_P(TableConformance, StaysAtItsEnd) {
  const auto source = Open(Counted(3));
  ReadAll(*source);
  for (int i = 0; i < 3; ++i) {
    const auto frame = source->Next();
    ASSERT_TRUE(frame.ok());
    EXPECT_FALSE(frame->has_value());
  }
}

TEST_P(TableConformance, ATableWithoutRowsHasColumnsAndNoFrame) {
  const auto source = Open(Counted(0));
  EXPECT_EQ(source->schema().Names(), (std::vector<std::string>{"x", "w"}));
  EXPECT_TRUE(ReadAll(*source).empty());
}

TEST_P(TableConformance, FramesOutliveTheirSource) {
  const auto written = Counted(300);
  auto source = Open(written, 100);
  const auto read = ReadAll(*source);
  source.reset();
  EXPECT_EQ(Cells(read, "x"), Cells({written}, "x"));
  EXPECT_EQ(Cells(read, "w"), Cells({written}, "w"));
}

TEST_P(TableConformance, NoLevelStandsTwiceInAFrameAndEveryCodeHasOne) {
  const auto source = Open(Counted(500), 100);
  for (const auto& frame : ReadAll(*source)) {
    const auto& column = *frame.Find("w");
    const std::set<std::string_view> distinct(column.levels.begin(), column.levels.end());
    EXPECT_EQ(distinct.size(), column.levels.size());
    for (const auto code : column.codes) EXPECT_LT(code, static_cast<std::int32_t>(column.levels.size()));
  }
}

TEST_P(TableConformance, NamesMayBeAnyUnicodeAndDifferInCaseAlone) {
  const auto written =
      FrameOf(2).Integer("größe", {1, 2}).Integer("Größe", {3, 4}).Text("城市", {"東京", "Köln"}).Build();
  const auto source = Open(written);
  const auto read = ReadAll(*source);
  EXPECT_EQ(Cells(read, "größe"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(Cells(read, "Größe"), (std::vector<std::string>{"3", "4"}));
  EXPECT_EQ(Cells(read, "城市"), (std::vector<std::string>{"東京", "Köln"}));
}

TEST_P(TableConformance, HoldsTenThousandCategories) {
  std::vector<std::optional<std::string>> words;
  for (int i = 0; i < 20'000; ++i) words.push_back(fmt::format("category {}", i % 10'000));
  const auto written = FrameOf(20'000).Text("w", words).Build();
  const auto source = Open(written, 8192);
  EXPECT_EQ(Cells(ReadAll(*source), "w"), Cells({written}, "w"));
}

TEST_P(TableConformance, AColumnMayBeAllNull) {
  const auto written = FrameOf(3).Number("x", {kNullNumber, kNullNumber, kNullNumber}).Integer("y", {1, 2, 3}).Build();
  const auto source = Open(written);
  EXPECT_EQ(Cells(ReadAll(*source), "x"), (std::vector<std::string>{"null", "null", "null"}));
}

}  // namespace retrain::testing
