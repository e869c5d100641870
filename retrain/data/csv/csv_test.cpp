#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retrain/data/csv/cells.h"
#include "retrain/data/csv/reader.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::data {
namespace {

using ::testing::ElementsAre;
using Rows = std::vector<std::vector<std::string>>;

Rows ReadRows(std::string_view text) {
  testing::SimDisk disk;
  RETRAIN_ALWAYS(WriteFileDurably(disk, "t.csv", text).ok());
  auto reader = CsvReader::Open(disk, "t.csv");
  if (!reader.ok()) return {{reader.error().message}};
  Rows rows = {reader->names()};
  std::vector<std::string_view> cells;
  while (true) {
    const auto is_row = reader->Next(cells);
    if (!is_row.ok()) return {{is_row.error().message}};
    if (!*is_row) return rows;
    rows.emplace_back(cells.begin(), cells.end());
  }
}

TEST(CsvReader, ReadsWhatSpreadsheetsWrite) {
  struct Case {
    const char* story;
    const char* text;
    Rows rows;
  };
  const Case cases[] = {
      {"plain", "a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
      {"no line end at the end", "a,b\n1,2", {{"a", "b"}, {"1", "2"}}},
      {"an empty last cell at the end of the file", "a,b\n1,", {{"a", "b"}, {"1", ""}}},
      {"line ends of Windows and a byte order mark",
       "\xEF\xBB\xBF"
       "a,b\r\n1,2\r\n",
       {{"a", "b"}, {"1", "2"}}},
      {"quotes, commas and line ends in a cell",
       "a,b\n\"x, \"\"y\"\"\nz\",\"\"\r\n",
       {{"a", "b"}, {"x, \"y\"\nz", ""}}},
      {"empty lines are passed over", "\na,b\n\n1,2\n\n\n", {{"a", "b"}, {"1", "2"}}},
      {"a quote inside a cell is a quote", "a,b\n5\" disk,2\n", {{"a", "b"}, {"5\" disk", "2"}}},
      {"one column whose cell is empty", "a\n\"\"\nx\n", {{"a"}, {""}, {"x"}}},
      {"no rows", "a,b\n", {{"a", "b"}}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    EXPECT_EQ(ReadRows(c.text), c.rows);
  }
}

TEST(CsvReader, NothingDependsOnWhereABlockEnds) {
  constexpr std::size_t kBlock = 1 << 20;
  for (std::size_t before = 0; before < 16; ++before) {
    const std::string pad(kBlock - 4 - before, 'p');
    const auto rows = ReadRows("a,b\n" + pad + ",\"x\"\"y\"\r\n\"1\",2\r\n");
    ASSERT_EQ(rows.size(), 3u) << before;
    EXPECT_EQ(rows[1], (std::vector<std::string>{pad, "x\"y"})) << before;
    EXPECT_THAT(rows[2], ElementsAre("1", "2")) << before;
  }
}

RC_GTEST_PROP(CsvReader, GivesBackWhateverWasQuoted, ()) {
  const auto cell = rc::gen::container<std::string>(rc::gen::element('a', ',', '"', '\n', '\r', ' '));
  const auto table = *rc::gen::container<Rows>(rc::gen::container<std::vector<std::string>>(3, cell));
  std::string text = "a,b,c";
  for (const auto& row : table) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i == 0 ? "\n\"" : ",\"";
      for (const char c : row[i]) text += c == '"' ? std::string("\"\"") : std::string(1, c);
      text += '"';
    }
  }
  auto rows = ReadRows(text);
  rows.erase(rows.begin());
  RC_ASSERT(rows == table);
}

TEST(Cells, SayNumbersBooleansAndTimes) {
  constexpr double kDay = 86'400e6;
  struct Case {
    ColumnType type;
    const char* cell;
    std::optional<double> value;
  };
  const Case cases[] = {
      {ColumnType::kNumber, " -1.5e3 ", -1500},
      {ColumnType::kNumber, "+7", 7},
      {ColumnType::kNumber, "inf", INFINITY},
      {ColumnType::kNumber, "1,5", {}},
      {ColumnType::kNumber, "0x10", {}},
      {ColumnType::kNumber, "+", {}},
      {ColumnType::kBoolean, "TRUE", 1},
      {ColumnType::kBoolean, "0", 0},
      {ColumnType::kBoolean, "yes", {}},
      {ColumnType::kTime, "1970-01-02", kDay},
      {ColumnType::kTime, "1969-12-31", -kDay},
      {ColumnType::kTime, "1970-01-01 00:00:01.5", 1.5e6},
      {ColumnType::kTime, "1970-01-02T01:00+01:00", kDay},
      {ColumnType::kTime, "1970-01-01T20:00:00-0400", kDay},
      {ColumnType::kTime, "2024-02-30", {}},
      {ColumnType::kTime, "1970-01-01T24:00", {}},
      {ColumnType::kTime, "1970-01-01T10:00 uhr", {}},
      {ColumnType::kTime, "1.1.1970", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(ParseCell(c.type, c.cell), c.value) << c.cell;
}

TEST(Cells, ATypeIsTheNarrowestThatAllHave) {
  const auto type = [](std::initializer_list<const char*> cells) {
    CellTypes types;
    for (const auto* cell : cells) types.See(cell);
    return Name(types.type());
  };
  EXPECT_EQ(type({"1", "", "-2", "NA"}), "integer");
  EXPECT_EQ(type({"1", "2.0"}), "number");
  EXPECT_EQ(type({"2.5", "1"}), "number");
  EXPECT_EQ(type({"true", "False"}), "boolean");
  EXPECT_EQ(type({"true", "1"}), "text");
  EXPECT_EQ(type({"2026-03-01", "2026-03-01 10:00"}), "time");
  EXPECT_EQ(type({"1", "2026-03-01"}), "text");
  EXPECT_EQ(type({"", "null"}), "number");
  EXPECT_EQ(type({"99999999999999999999"}), "number");
}

TEST(Cells, TellUtf8FromOtherBytes) {
  EXPECT_TRUE(IsUtf8("Köln 東京 😀"));
  for (const auto* bad : {"K\xF6ln", "\xC0\x80", "\xE6\x9D", "\xFF"}) EXPECT_FALSE(IsUtf8(bad));
}

}  // namespace
}  // namespace retrain::data
