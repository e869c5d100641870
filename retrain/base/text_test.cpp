#include "retrain/base/text.h"

#include <gtest/gtest.h>

namespace retrain {
namespace {

TEST(NearName, FindsASlipOfThePenAndNothingElse) {
  const std::vector<std::string> keys = {"metrics", "minimum_improvement", "fallback_on_regression"};
  EXPECT_EQ(NearName("minimum_improvment", keys), "minimum_improvement");
  EXPECT_EQ(NearName("mertics", keys), "metrics");
  EXPECT_EQ(NearName("epochs", keys), "");
}

TEST(ListNames, StopsAtTheLimitAndCounts) {
  const std::vector<std::string> names = {"a", "b", "c"};
  EXPECT_EQ(ListNames(names), "a, b, c");
  EXPECT_EQ(ListNames(names, 2), "a, b, … (3 in all)");
}

TEST(Numbers, ReadAsAPersonWouldWriteThem) {
  EXPECT_EQ(Grouped(0), "0");
  EXPECT_EQ(Grouped(1234567), "1,234,567");
  EXPECT_EQ(Grouped(-123456), "-123,456");
  EXPECT_EQ(Counted(1, "row"), "1 row");
  EXPECT_EQ(Counted(1200, "row"), "1,200 rows");
  EXPECT_EQ(Counted(0, "row"), "0 rows");
  EXPECT_EQ(Bytes(999), "999 B");
  EXPECT_EQ(Bytes(1536), "1.5 kB");
}

TEST(Text, IsWrappedBetweenWordsUnderItsFirstLetter) {
  EXPECT_EQ(Wrapped("one two three", 80, 4), "one two three");
  EXPECT_EQ(Wrapped("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(Wrapped("a-very-long-word b", 6, 2), "a-very-long-word\n  b");
  EXPECT_EQ(Wrapped("", 6, 2), "");
}

}  // namespace
}  // namespace retrain
