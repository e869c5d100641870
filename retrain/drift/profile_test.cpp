#include "retrain/drift/profile.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retrain/base/random.h"
#include "retrain/base/sha256.h"
#include "retrain/testing/table_memory.h"

namespace retrain::drift {
namespace {

using testing::FrameOf;
using testing::kNullNumber;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Profile ProfileOfFrame(const data::Frame& frame) {
  Serial serial;
  auto profile = MakeProfile(data::FrameColumns(frame.schema(), {frame}), {}, serial);
  if (!profile.ok()) Bug(ToText(profile.error()).c_str(), __FILE__, __LINE__);
  return std::move(profile).value();
}

Profile Example() {
  return ProfileOfFrame(FrameOf(6)
                            .Number("x", {1, 2, kNullNumber, kInfinity, 3, -kInfinity})
                            .Text("w", {"a", {}, "b", "a", "\xff", "a"})
                            .Boolean("b", {1, 0, 1, kNullNumber, 1, 1})
                            .Time("t", {1, 2, 3, 4, 5, 6})
                            .Build());
}

TEST(Cells, GiveAValueThatIsATenthOfTheRowsACellOfItsOwn) {
  std::vector<double> sorted(50, 0.0);
  for (int i = 1; i <= 50; ++i) sorted.push_back(i);
  const auto cuts = QuantileCuts(sorted);
  const auto counts = CountSortedCells(cuts, sorted);
  const auto atom = std::ranges::find(counts, 50);
  ASSERT_NE(atom, counts.end());
  EXPECT_EQ(CellLabel(cuts, static_cast<std::size_t>(atom - counts.begin())), "= 0");
  const std::vector<double> near = {-0.1, 0, 0.1, 51, kInfinity, -kInfinity};
  const auto now = CountCells(cuts, near);
  EXPECT_EQ(now[static_cast<std::size_t>(atom - counts.begin())], 1);
  EXPECT_EQ(now.front(), 1) << "-inf has a cell";
  EXPECT_EQ(now.back(), 1) << "+inf has a cell";
  EXPECT_EQ(now[1], 1) << "what lies below the smallest has a cell: " << CellLabel(cuts, 1);
  EXPECT_EQ(now[now.size() - 2], 1) << "and what lies above the largest: " << CellLabel(cuts, now.size() - 2);
}

TEST(Cells, AreTenthsOfContinuousNumbers) {
  std::vector<double> sorted;
  for (int i = 0; i < 1'000; ++i) sorted.push_back(i);
  const auto counts = CountSortedCells(QuantileCuts(sorted), sorted);
  EXPECT_EQ(std::ranges::count(counts, 100), 10);
}

RC_GTEST_PROP(Cells, CountTheSameSortedOrNot, (std::vector<int> whole, std::vector<int> other)) {
  std::vector<double> values(whole.begin(), whole.end());
  for (double& value : values) value /= 8;
  std::ranges::sort(values);
  const auto cuts = QuantileCuts(values);
  RC_ASSERT(std::ranges::is_sorted(cuts));
  std::vector<double> unsorted(other.begin(), other.end());
  unsorted.insert(unsorted.end(), values.begin(), values.end());
  auto sorted = unsorted;
  std::ranges::sort(sorted);
  const auto counts = CountCells(cuts, unsorted);
  RC_ASSERT(counts == CountSortedCells(cuts, sorted));
  for (std::size_t i = 0; i < unsorted.size(); ++i) {
    const auto cell = static_cast<std::size_t>(std::ranges::lower_bound(cuts, unsorted[i]) - cuts.begin());
    RC_ASSERT(counts[cell] > 0);
  }
}

RC_GTEST_PROP(ColumnTally, AddsUpToTheSameInAnyOrderOfAnyParts, ()) {
  using Row = std::pair<int, std::string>;
  const auto parts = *rc::gen::container<std::vector<std::vector<Row>>>(rc::gen::container<std::vector<Row>>(
      rc::gen::pair(rc::gen::inRange(-5, 5), rc::gen::elementOf(std::vector<std::string>{"a", "b", "c", "d"}))));
  const std::vector<double> cuts = {-2, 0, 3};
  const auto tally_of = [&](const std::vector<Row>& rows) {
    ColumnTally tally{.nulls = static_cast<std::int64_t>(rows.size())};
    std::vector<double> numbers;
    for (const auto& [number, word] : rows) {
      numbers.push_back(number);
      tally.categories.Add(word, 1);
    }
    tally.cells = CountCells(cuts, numbers);
    return tally;
  };
  std::vector<Row> all;
  ColumnTally forward = tally_of({});
  ColumnTally backward = tally_of({});
  for (const auto& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
    Add(forward, tally_of(part));
  }
  for (auto part = parts.rbegin(); part != parts.rend(); ++part) Add(backward, tally_of(*part));
  RC_ASSERT(forward == tally_of(all));
  RC_ASSERT(backward == forward);
}

TEST(CategoryCounts, CountTheRowsOfTooManyCategoriesTogether) {
  CategoryCounts counts;
  const std::int64_t many = static_cast<std::int64_t>(CategoryCounts::kMostCategories) + 1'000;
  for (std::int64_t i = 0; i < many; ++i) counts.Add(std::to_string(i), 2);
  EXPECT_EQ(counts.size(), CategoryCounts::kMostCategories);
  EXPECT_EQ(counts.others(), 2'000);
  EXPECT_EQ(counts.rows(), 2 * many);
  counts.Add("17", 1);
  EXPECT_EQ(counts.Of("17"), 3);
}

TEST(Profile, ComesBackFromItsBytes) {
  const auto profile = Example();
  ASSERT_EQ(profile.columns.size(), 3U);
  EXPECT_EQ(profile.left_out.size(), 1U);
  const auto back = ProfileFromBytes(ProfileToBytes(profile), "p");
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_EQ(*back, profile);
}

std::string Golden(const std::string& name) {
  std::ifstream file(std::string(RETRAIN_SOURCE_DIR) + "/tests/golden/profile/" + name, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

// As it is kept with a version.
Profile ExampleOfAModel() {
  auto profile = Example();
  profile.columns[0].importance = 0.75;
  profile.columns[1].importance = 0.25;
  profile.columns[2].predicted = true;
  return profile;
}

// A profile that somebody saved must be read for as long as its format is: a change of the bytes is a new format.
TEST(ProfileBytes, OfEveryFormatAreReadAsEverBefore) {
  const auto first = ProfileFromBytes(Golden("format-1.bin"), "format-1.bin");
  ASSERT_TRUE(first.ok()) << ToText(first.error());
  EXPECT_EQ(*first, Example());
  const auto second = ProfileFromBytes(Golden("format-2.bin"), "format-2.bin");
  ASSERT_TRUE(second.ok()) << ToText(second.error());
  EXPECT_EQ(*second, ExampleOfAModel());
  EXPECT_EQ(ProfileToBytes(ExampleOfAModel()), Golden("format-2.bin"));
}

TEST(Profile, CountsNullsApartFromValues) {
  const auto profile = Example();
  EXPECT_EQ(profile.Find("x")->tally.nulls, 1);
  EXPECT_EQ(profile.Find("x")->tally.rows(), 5);
  EXPECT_EQ(profile.Find("w")->tally.nulls, 1);
  EXPECT_EQ(profile.Find("w")->tally.categories.Of("a"), 3);
  EXPECT_EQ(profile.Find("b")->tally.categories.Of("true"), 4);
}

TEST(ProfileBytes, OfAnUnknownFormatSaySo) {
  auto bytes = ProfileToBytes(Example());
  bytes[8] = 9;
  const auto read = ProfileFromBytes(bytes, "p");
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, "E0302");
}

TEST(ProfileBytes, ThatAreDamagedAnywhereAreAnError) {
  const auto good = ProfileToBytes(Example());
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto bytes = good;
    bytes[at] = static_cast<char>(bytes[at] ^ 0x41);
    EXPECT_FALSE(ProfileFromBytes(bytes, "p").ok()) << at;
    EXPECT_FALSE(ProfileFromBytes(good.substr(0, at), "p").ok()) << at;
  }
  EXPECT_FALSE(ProfileFromBytes(good + "x", "p").ok());
}

TEST(ProfileBytes, WithARightChecksumButWrongPartsAreAnErrorOrAProfile) {
  const auto good = ProfileToBytes(Example());
  constexpr std::size_t kBody = 8 + 4 + 64;
  Rng rng(5);
  int refused = 0;
  for (int run = 0; run < 3'000; ++run) {
    std::string body = good.substr(kBody);
    for (std::uint64_t hits = 1 + rng.Below(3); hits > 0; --hits)
      body[rng.Below(body.size())] = static_cast<char>(rng.Below(256));
    const auto read = ProfileFromBytes(good.substr(0, 12) + Sha256Hex(body) + body, "p");
    refused += read.ok() ? 0 : 1;
  }
  EXPECT_GT(refused, 300);
}

TEST(Profile, OfATableWithoutRowsIsAnError) {
  Serial serial;
  const auto frame = FrameOf(0).Number("x", {}).Build();
  const auto profile = MakeProfile(data::FrameColumns(frame.schema(), {frame}), {}, serial);
  ASSERT_FALSE(profile.ok());
  EXPECT_EQ(profile.error().code, "E0214");
}

}  // namespace
}  // namespace retrain::drift
