#include "retrain/eval/slices.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace retrain::eval {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

// Six flights; the levels of the second frame stand in another order.
struct Flights {
  std::vector<double> distance = {100, 500, 999, 1000, kNull, 2000};
  std::vector<double> month = {1, 1, 6, 6, 7, 7};
  std::vector<std::string_view> levels = {"UA", "DL"};
  std::vector<std::int32_t> codes = {0, 1, 0, 0, -1, 1};

  data::Frame Frame() const {
    const data::Schema schema{.fields = {{"distance", data::ColumnType::kNumber},
                                         {"month", data::ColumnType::kInteger},
                                         {"carrier", data::ColumnType::kText}}};
    return data::Frame(schema,
                       {{.numbers = distance},
                        {.type = data::ColumnType::kInteger, .numbers = month},
                        {.type = data::ColumnType::kText, .codes = codes, .levels = levels}},
                       6, nullptr);
  }
};

std::vector<RowGroup> Cut(std::vector<std::string> texts, std::vector<Flights> frames = {{}}) {
  std::vector<SliceRule> rules;
  for (const auto& text : texts) rules.push_back(ParseSliceRule(text).value());
  SliceColumns columns(rules);
  for (const auto& frame : frames) EXPECT_TRUE(columns.Append(frame.Frame(), {.file = "may.parquet"}).ok());
  return columns.Cut();
}

TEST(SliceColumns, CutRowsByEachForm) {
  struct Case {
    const char* rule;
    std::vector<RowGroup> groups;
  };
  const Case cases[] = {
      {"carrier", {{"carrier = UA", {0, 2, 3}}, {"carrier = DL", {1, 5}}, {"carrier is null", {4}}}},
      {"month", {{"month = 1", {0, 1}}, {"month = 6", {2, 3}}, {"month = 7", {4, 5}}}},
      {"distance: 500, 1000",
       {{"distance < 500", {0}}, {"500 <= distance < 1000", {1, 2}}, {"1000 <= distance", {3, 5}}}},
      {"distance: 5000", {{"distance < 5000", {0, 1, 2, 3, 5}}}},
      {"carrier = 'UA' and distance >= 999", {{"carrier = 'UA' and distance >= 999", {2, 3}}}},
      {"carrier != UA", {{"carrier != UA", {1, 5}}}},
      {"month<=1", {{"month<=1", {0, 1}}}},
      {"carrier = ZZ", {}},
  };
  for (const auto& c : cases) EXPECT_EQ(Cut({c.rule}), c.groups) << c.rule;
}

TEST(SliceColumns, MatchTextAcrossFramesWithOtherLevels) {
  Flights other;
  other.levels = {"DL", "UA"};
  EXPECT_THAT(Cut({"carrier = UA"}, {{}, other})[0].rows, ElementsAre(0, 2, 3, 7, 11));
}

TEST(SliceColumns, CutManyNumbersIntoQuarters) {
  std::vector<Flights> frames(4);
  double next = 0;
  for (auto& frame : frames) {
    for (auto& distance : frame.distance) distance = next++;
  }
  const auto groups = Cut({"distance"}, frames);
  ASSERT_EQ(groups.size(), 4U);
  for (const auto& group : groups) EXPECT_EQ(group.rows.size(), 6U) << group.name;
  EXPECT_EQ(groups[1].name, "5.75 <= distance < 11.5");
}

TEST(SliceColumns, SayWhichColumnIsMissingOrText) {
  const auto fault = [](const char* rule) {
    SliceColumns columns({ParseSliceRule(rule).value()});
    return columns.Append(Flights().Frame(), {.file = "may.parquet"}).error();
  };
  EXPECT_EQ(fault("carier").code, "E0203");
  EXPECT_THAT(fault("carier").hint, HasSubstr("`carrier`"));
  EXPECT_EQ(fault("carrier > 5").code, "E0211");
  EXPECT_EQ(fault("carrier: 5").code, "E0211");
}

TEST(SliceRule, SaysWhatIsWrongWithIt) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "it is empty"},
      {": 5", "no column stands before"},
      {"distance: 5, many", "`many` is no number"},
      {"distance: 5, 5", "must ascend"},
      {"distance > far", "`far` is none"},
      {"distance >", "nothing stands after `>`"},
      {"= 5", "nothing stands before `=`"},
      {"month = 1 and carrier", "`carrier` compares nothing"},
      {"month ! 1", "no relation `!`"},
  };
  for (const auto& [text, why] : cases) {
    const auto rule = ParseSliceRule(text);
    ASSERT_FALSE(rule.ok()) << text;
    EXPECT_EQ(rule.error().code, "E0102");
    EXPECT_THAT(rule.error().message, HasSubstr(why)) << text;
  }
}

}  // namespace
}  // namespace retrain::eval
