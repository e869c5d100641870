#include "retrain/data/labels.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/testing/table_memory.h"

namespace retrain::data {
namespace {

using ::testing::ElementsAre;
using testing::FrameOf;
using ::testing::HasSubstr;
using testing::kNullNumber;
using testing::MemoryTable;

Result<Labels> Infer(const Frame& frame, const DataOptions& options = {}) {
  const auto source = MemoryTable(frame).Open();
  return InferLabels(**source, Roles{.target = "y"}, options);
}

Frame Integers(std::vector<double> values) {
  const auto rows = std::ssize(values);
  return FrameOf(rows).Integer("y", std::move(values)).Build();
}

Frame Numbers(std::vector<double> values) {
  const auto rows = std::ssize(values);
  return FrameOf(rows).Number("y", std::move(values)).Build();
}

std::vector<double> UpTo(int n) {
  std::vector<double> values;
  for (int i = 0; i < n; ++i) values.push_back(i);
  return values;
}

TEST(InferLabels, TellsTheTaskFromTheValues) {
  struct Case {
    const char* story;
    Frame frame;
    Task task;
    std::vector<std::string> classes;
  };
  const Case cases[] = {
      {"integers 0 and 1", Integers({1, 0, 1, kNullNumber}), Task::kBinary, {"0", "1"}},
      {"two other integers, sorted by value", Integers({10, 9, 10}), Task::kBinary, {"9", "10"}},
      {"two numbers", Numbers({2.5, -1, 2.5}), Task::kBinary, {"-1", "2.5"}},
      {"three integers", Integers({3, 1, 2}), Task::kMulticlass, {"1", "2", "3"}},
      {"21 integers are an amount", Integers(UpTo(21)), Task::kRegression, {}},
      {"three numbers are an amount", Numbers({1, 2, 3}), Task::kRegression, {}},
      {"booleans", FrameOf(2).Boolean("y", {1, 0}).Build(), Task::kBinary, {"false", "true"}},
      {"two words", FrameOf(3).Text("y", {"yes", "no", {}}).Build(), Task::kBinary, {"no", "yes"}},
      {"three words", FrameOf(3).Text("y", {"b", "c", "a"}).Build(), Task::kMulticlass, {"a", "b", "c"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.story);
    const auto labels = Infer(c.frame);
    ASSERT_TRUE(labels.ok()) << ToText(labels.error());
    EXPECT_EQ(labels->task, c.task);
    EXPECT_EQ(labels->classes, c.classes);
  }
}

TEST(InferLabels, TheUserMaySetTheTaskAndThePositiveClass) {
  EXPECT_EQ(Infer(Integers({1, 2, 3}), {.task = Task::kRegression})->task, Task::kRegression);
  EXPECT_THAT(Infer(Integers(UpTo(30)), {.task = Task::kMulticlass})->classes, ::testing::SizeIs(30));
  EXPECT_THAT(Infer(Integers({1, 0}), {.positive_class = "0"})->classes, ElementsAre("1", "0"));
}

TEST(InferLabels, RefusesWhatCannotBeLearned) {
  const auto code = [](const Result<Labels>& labels) {
    return labels.ok() ? std::string("ok") : std::string(labels.error().code);
  };
  EXPECT_EQ(code(Infer(Integers({1, 1, 1}))), "E0206");
  EXPECT_EQ(code(Infer(Numbers({kNullNumber}))), "E0206");
  EXPECT_EQ(code(Infer(FrameOf(1).Time("y", {0}).Build())), "E0211");
  EXPECT_EQ(code(Infer(FrameOf(2).Text("y", {"a", "b"}).Build(), {.task = Task::kRegression})), "E0211");
  EXPECT_EQ(code(Infer(Integers({1, 2, 3}), {.task = Task::kBinary})), "E0211");
  EXPECT_EQ(code(Infer(Integers({0, 1}), {.positive_class = "yes"})), "E0211");
  EXPECT_EQ(code(Infer(FrameOf(1).Number("z", {0}).Build())), "E0203");
  EXPECT_EQ(Infer(Integers({7, 7})).error().message, "target `y` is 7 in every row");
}

TEST(CodeLabels, GivesTheCodeOfEachClassInWhateverTypeItComes) {
  const Labels labels{.task = Task::kBinary, .classes = {"0", "1"}};
  EXPECT_THAT(*CodeLabels(*Integers({1, 0, 1}).Find("y"), labels, {}), ElementsAre(1, 0, 1));
  EXPECT_THAT(*CodeLabels(*Numbers({1, -0.0}).Find("y"), labels, {}), ElementsAre(1, 0));
  EXPECT_THAT(*CodeLabels(*FrameOf(2).Boolean("y", {0, 1}).Build().Find("y"), labels, {}), ElementsAre(0, 1));
  EXPECT_THAT(*CodeLabels(*FrameOf(3).Text("y", {"1", "0", "1"}).Build().Find("y"), labels, {}), ElementsAre(1, 0, 1));
  EXPECT_THAT(*CodeLabels(*Numbers({1.5, -2}).Find("y"), {.task = Task::kRegression}, {}), ElementsAre(1.5, -2));
}

TEST(CodeLabels, NamesTheRowThatCannotBeLearned) {
  const Place where{.file = "feb.parquet", .key = "y", .row = 100};
  const Labels labels{.task = Task::kBinary, .classes = {"0", "1"}};
  const auto null = CodeLabels(*Integers({1, kNullNumber}).Find("y"), labels, where);
  ASSERT_FALSE(null.ok());
  EXPECT_EQ(null.error().code, "E0205");
  EXPECT_EQ(null.error().where.row, 101);
  EXPECT_THAT(null.error().message, HasSubstr("null in row 101 of feb.parquet"));
  const auto unknown = CodeLabels(*Integers({1, 0, 2}).Find("y"), labels, where);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "E0213");
  EXPECT_THAT(unknown.error().message, HasSubstr("class `2` of `y` in row 102"));
  const auto infinite = CodeLabels(*Numbers({INFINITY}).Find("y"), {.task = Task::kRegression}, where);
  ASSERT_FALSE(infinite.ok());
  EXPECT_THAT(infinite.error().message, HasSubstr("infinite in row 100"));
  const auto text = CodeLabels(*FrameOf(1).Text("y", {"a"}).Build().Find("y"), {.task = Task::kRegression}, where);
  ASSERT_FALSE(text.ok());
  EXPECT_EQ(text.error().code, "E0204");
}

}  // namespace
}  // namespace retrain::data
