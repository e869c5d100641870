#include "retrain/data/files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/data/arrow/write_parquet.h"
#include "retrain/data/glob.h"
#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::data {
namespace {

using testing::Cells;
using ::testing::ElementsAre;
using testing::FrameOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Files : public ::testing::Test {
 protected:
  void Put(const std::string& path, std::string_view bytes) {
    ASSERT_TRUE(disk_.MakeFolders(ParentFolder(path)).ok());
    ASSERT_TRUE(WriteFileDurably(disk_, path, bytes).ok());
  }

  std::vector<std::string> Find(const std::string& path) {
    const auto found = FindFiles(disk_, path);
    if (!found.ok()) return {std::string(found.error().code)};
    std::vector<std::string> names;
    for (const auto& file : *found)
      names.push_back(file.unready.empty() ? file.path : file.path + " (" + file.unready + ")");
    return names;
  }

  // What reading a whole file ends in: the error, or an empty code.
  Error Read(const std::string& path, const ReadOptions& options = {}) {
    auto source = OpenFile(disk_, path, options);
    if (!source.ok()) return source.error();
    while (true) {
      const auto frame = source.value()->Next();
      if (!frame.ok()) return frame.error();
      if (!*frame) return {};
    }
  }

  Error ReadCsv(std::string_view text) {
    Put("bad.csv", text);
    return Read("bad.csv");
  }

  testing::SimDisk disk_;
};

TEST_F(Files, AFolderStandsForItsDataFilesAndThoseBelowInNaturalOrder) {
  Put("in/part10.csv", "x\n1");
  Put("in/part2.csv", "x\n1");
  Put("in/2026/a.csv", "x\n1");
  Put("in/README.md", "no data");
  EXPECT_THAT(Find("in"), ElementsAre("in/2026/a.csv", "in/part2.csv", "in/part10.csv"));
  EXPECT_THAT(Find("in/"), ElementsAre("in/2026/a.csv", "in/part2.csv", "in/part10.csv"));
  EXPECT_THAT(Find("in/part2.csv"), ElementsAre("in/part2.csv"));
}

TEST_F(Files, AGlobTakesWhatItMatches) {
  for (const auto* path : {"in/a1.csv", "in/a2.csv", "in/b1.csv", "in/deep/a3.csv"}) Put(path, "x\n1");
  EXPECT_THAT(Find("in/a*.csv"), ElementsAre("in/a1.csv", "in/a2.csv"));
  EXPECT_THAT(Find("in/?1.csv"), ElementsAre("in/a1.csv", "in/b1.csv"));
  EXPECT_THAT(Find("in/**/a*.csv"), ElementsAre("in/a1.csv", "in/a2.csv", "in/deep/a3.csv"));
  EXPECT_THAT(Find("in/[!a]*.csv"), ElementsAre("in/b1.csv"));
  EXPECT_THAT(Find("in/c*.csv"), IsEmpty());
  EXPECT_THAT(Find("out/*.csv"), ElementsAre("E0201"));
}

TEST_F(Files, WhatIsStillBeingWrittenIsLeftForLater) {
  ASSERT_TRUE(disk_.MakeFolders("in").ok());
  ASSERT_TRUE(WriteParquet(disk_, "in/whole.parquet", {FrameOf(1).Number("x", {1}).Build()}).ok());
  const auto whole = ReadFile(disk_, "in/whole.parquet");
  Put("in/half.parquet", whole->substr(0, whole->size() - 5));
  Put("in/half.arrow", "ARROW1\0\0");
  Put("in/.hidden.csv", "x\n1");
  Put("in/_partial.csv", "x\n1");
  Put("in/copy.csv.part", "x\n1");
  Put("in/empty.ipc", "");
  EXPECT_THAT(Find("in"), ElementsAre("in/.hidden.csv (temporary name)", "in/_partial.csv (temporary name)",
                                      "in/copy.csv.part (temporary name)", "in/empty.ipc (no Arrow footer yet)",
                                      "in/half.arrow (no Arrow footer yet)", "in/half.parquet (no Parquet footer yet)",
                                      "in/whole.parquet"));
}

TEST_F(Files, AMissingPathSaysHowToMakeIt) {
  const auto folder = FindFiles(disk_, "data/production/new/");
  ASSERT_FALSE(folder.ok());
  EXPECT_EQ(folder.error().code, "E0201");
  EXPECT_THAT(folder.error().hint, HasSubstr("mkdir -p data/production/new"));
  Put("data/val.parquet", "PAR1");
  EXPECT_EQ(FindFiles(disk_, "data/vall.parquet").error().hint, "did you mean data/val.parquet?");
  ASSERT_TRUE(disk_.MakeFolders("empty").ok());
  EXPECT_THAT(Find("empty"), IsEmpty());
}

TEST(Glob, NaturalOrderReadsNumbersAsNumbers) {
  EXPECT_TRUE(NaturalLess("part2", "part10"));
  EXPECT_FALSE(NaturalLess("part10", "part2"));
  EXPECT_TRUE(NaturalLess("2026-9", "2026-10"));
  EXPECT_TRUE(NaturalLess("a", "a1"));
  EXPECT_TRUE(NaturalLess("a01", "a1"));
  EXPECT_FALSE(NaturalLess("a1", "a1"));
}

TEST_F(Files, ADamagedParquetFileIsAnErrorThatNamesIt) {
  const auto frame = FrameOf(3).Number("x", {1, 2, 3}).Text("w", {"a", "b", "a"}).Build();
  ASSERT_TRUE(WriteParquet(disk_, "whole.parquet", {frame}).ok());
  const auto whole = ReadFile(disk_, "whole.parquet");
  Put("cut.parquet", whole->substr(0, whole->size() / 2));
  Put("zeroed.parquet", whole->substr(0, 4) + std::string(60, '\0') + whole->substr(64));
  Put("empty.parquet", "");
  Put("text.parquet", "this is no Parquet file at all");
  Put("text.arrow", "this is no Arrow file at all");
  for (const auto* path : {"cut.parquet", "zeroed.parquet", "empty.parquet", "text.parquet", "text.arrow"}) {
    const auto error = Read(path);
    EXPECT_EQ(error.code, "E0202") << path;
    EXPECT_THAT(error.message, HasSubstr(path));
    EXPECT_EQ(error.where.file, path);
  }
  EXPECT_EQ(Read("gone.parquet").code, "E0201");
}

TEST_F(Files, NoDamageOfAParquetFileStopsTheProgram) {
  std::vector<double> numbers;
  std::vector<std::optional<std::string>> words;
  for (int i = 0; i < 200; ++i) numbers.push_back(i), words.push_back("w" + std::to_string(i % 9));
  ASSERT_TRUE(WriteParquet(disk_, "whole.parquet", {FrameOf(200).Number("x", numbers).Text("w", words).Build()}).ok());
  const auto whole = ReadFile(disk_, "whole.parquet");
  int errors = 0;
  for (std::size_t at = 4; at + 8 < whole->size(); at += 3) {
    auto bytes = *whole;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x5A);
    Put("damaged.parquet", bytes);
    errors += Read("damaged.parquet").code.empty() ? 0 : 1;
  }
  EXPECT_GT(errors, 0);
}

TEST_F(Files, AMalformedCsvNamesItsRow) {
  EXPECT_THAT(ReadCsv("x,y\n1,2\n3\n4,5\n").message,
              HasSubstr("1 values where the first row names 2 columns, in row 1 (line 3)"));
  EXPECT_EQ(ReadCsv("x,y\n1,2\n3,4,5").where.row, 1);
  EXPECT_THAT(ReadCsv("x,y\n\"a\nb\",1\n\"c,2\n").message,
              HasSubstr("a quote opens and never closes in row 1 (line 4)"));
  EXPECT_THAT(ReadCsv("x,y\n\"a\"b,1\n").message, HasSubstr("something follows a closing quote in row 0"));
  EXPECT_THAT(ReadCsv("").message, HasSubstr("it is empty"));
  EXPECT_THAT(ReadCsv("x,x\n1,2\n").message, HasSubstr("two columns are named `x`"));
  EXPECT_THAT(ReadCsv(std::string_view("x,y\n\0\0,2\n", 9)).message, HasSubstr("no text"));
  EXPECT_THAT(ReadCsv("x\nK\xF6ln\n").message, HasSubstr("column `x` holds bytes that are not UTF-8 text in row 0"));
}

TEST_F(Files, CsvTypesAreTheNarrowestThatAllRowsHave) {
  std::string text = "i,n,b,t,w,none\r\n";
  for (int row = 0; row < 2000; ++row) text += "7,2,true,2026-03-01,1,\r\n";
  text += "-8,2.5,False,2026-03-01T10:00:00Z,x,NA";  // no line end
  Put("t.csv", text);
  const auto source = OpenFile(disk_, "t.csv");
  ASSERT_TRUE(source.ok());
  std::vector<std::string_view> types;
  for (const auto& field : (*source)->schema().fields) types.push_back(Name(field.type));
  EXPECT_THAT(types, ElementsAre("integer", "number", "boolean", "time", "text", "number"));
  const auto rows = testing::ReadAll(**source);
  EXPECT_EQ(Cells(rows, "n").back(), "2.5");
  EXPECT_EQ(Cells(rows, "w").front(), "1");
  EXPECT_EQ(Cells(rows, "none").back(), "null");
  EXPECT_EQ(*CountRows(disk_, "t.csv"), 2001);
}

TEST_F(Files, ACsvIsReadWithTheTypesThatAreExpected) {
  Put("t.csv", "zip,x\n01067,1\n10115,2\n");
  const Schema expected{.fields = {{"zip", ColumnType::kText}}};
  const auto source = OpenFile(disk_, "t.csv", {.columns = {"x", "zip"}, .expected = &expected});
  ASSERT_TRUE(source.ok());
  EXPECT_EQ((*source)->schema().Names(), (std::vector<std::string>{"x", "zip"}));
  EXPECT_EQ(Cells(testing::ReadAll(**source), "zip").front(), "01067");
  const Schema number{.fields = {{"zip", ColumnType::kNumber}, {"x", ColumnType::kNumber}}};
  Put("bad.csv", "zip,x\n1,2\n2,many\n");
  const auto error = Read("bad.csv", {.expected = &number});
  EXPECT_EQ(error.code, "E0204");
  EXPECT_THAT(error.message, HasSubstr("column `x` is number and holds `many` in row 1"));
}

TEST_F(Files, RowsLongerThanABlockAreRead) {
  const std::string word(3'000'000, 'w');
  Put("long.csv", "a,b\n1," + word + "\n2,\"" + word + "\"\"\"\n");
  const auto source = OpenFile(disk_, "long.csv");
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(Cells(testing::ReadAll(**source), "b"), (std::vector<std::string>{word, word + "\""}));
}

TEST_F(Files, AColumnThatIsNotThereIsNamedWithItsNearName) {
  ASSERT_TRUE(WriteParquet(disk_, "feb.parquet", {FrameOf(1).Number("dep_delay", {1}).Build()}).ok());
  const auto error = Read("feb.parquet", {.columns = {"dep_dely"}});
  EXPECT_EQ(error.code, "E0203");
  EXPECT_EQ(error.message, "column `dep_dely` is not in feb.parquet (1 column)");
  EXPECT_EQ(error.hint, "write `dep_delay`");
}

class Ranges : public Files {
 protected:
  // Three row groups of a hundred rows and one file of fifty, counted through.
  void SetUp() override {
    std::vector<Frame> frames;
    for (int piece = 0; piece < 4; ++piece) {
      std::vector<double> numbers;
      for (int i = 0; i < (piece < 3 ? 100 : 50); ++i) numbers.push_back(piece * 100 + i);
      frames.push_back(FrameOf(std::ssize(numbers)).Integer("x", numbers).Build());
    }
    ASSERT_TRUE(WriteParquet(disk_, "a.parquet", {frames[0], frames[1], frames[2]}).ok());
    ASSERT_TRUE(WriteParquet(disk_, "b.parquet", {frames[3]}).ok());
  }

  std::vector<std::string> Rows(std::vector<FileRange> ranges) {
    auto source = OpenRanges(disk_, std::move(ranges), {.batch_rows = 30});
    if (!source.ok()) return {std::string(source.error().code)};
    return Cells(testing::ReadAll(**source), "x");
  }
};

TEST_F(Ranges, AreReadFromTheirFirstRowToTheirLast) {
  EXPECT_THAT(Rows({{"a.parquet", 98, 102}}), ElementsAre("98", "99", "100", "101"));
  EXPECT_THAT(Rows({{"a.parquet", 298, -1}, {"b.parquet", 0, 2}}), ElementsAre("298", "299", "300", "301"));
  EXPECT_THAT(Rows({{"b.parquet", 49, 50}, {"a.parquet", 0, 1}, {"a.parquet", 5, 5}}), ElementsAre("349", "0"));
  EXPECT_THAT(Rows({}), IsEmpty());
  EXPECT_EQ(Rows({{"a.parquet"}, {"b.parquet"}}).size(), 350u);
}

TEST_F(Ranges, ARangeBeyondItsFileIsAnError) {
  const auto source = OpenRanges(disk_, {{"b.parquet", 40, 60}});
  ASSERT_TRUE(source.ok());
  ASSERT_TRUE((*source)->Next().ok());
  const auto end = (*source)->Next();
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().code, "E0202");
}

TEST_F(Ranges, FilesThatDifferAreOneTableOnlyWhenTypesWiden) {
  Put("c.csv", "y,x\n1,0.5\n");
  EXPECT_THAT(Rows({{"b.parquet", 0, 1}, {"c.csv"}}), ElementsAre("300", "0.5"));
  EXPECT_EQ(OpenRanges(disk_, {{"b.parquet"}, {"c.csv"}}).value()->schema().fields[0].type, ColumnType::kNumber);
  Put("d.csv", "x\nmany\n");
  EXPECT_THAT(Rows({{"b.parquet"}, {"d.csv"}}), ElementsAre("E0212"));
  EXPECT_THAT(Rows({{"c.csv"}, {"b.parquet"}}), ElementsAre("E0212"));
}

TEST_F(Ranges, AColumnOfNothingButNullsIsWhatTheOtherFilesSay) {
  Put("blank.csv", "x,y\n,1\n");
  Put("words.csv", "x,y\nmany,1\n");
  for (const auto& paths : {std::pair("blank.csv", "words.csv"), std::pair("words.csv", "blank.csv")}) {
    const auto source = OpenRanges(disk_, {{paths.first}, {paths.second}});
    ASSERT_TRUE(source.ok());
    EXPECT_EQ((*source)->schema().fields[0], (Field{"x", ColumnType::kText}));
  }
  EXPECT_EQ(SchemaFromJson(ToJson(OpenFile(disk_, "blank.csv").value()->schema())).value(),
            (Schema{.fields = {{"x", ColumnType::kNumber, true}, {"y", ColumnType::kInteger}}}));
}

}  // namespace
}  // namespace retrain::data
