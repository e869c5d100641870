#include "retrain/base/json.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace retrain {
namespace {

TEST(Json, WritesKeysInTheOrderTheyWereSet) {
  Json json;
  json.Set("b", 1).Set("a", 2.5).Set("b", true);
  EXPECT_EQ(json.Dump(), R"({"b": true, "a": 2.5})");
}

TEST(Json, NumbersThatAreNotFiniteAreNull) { EXPECT_EQ(Json(std::numeric_limits<double>::infinity()).Dump(), "null"); }

TEST(Json, AMissingMemberReadsAsNull) {
  const auto json = ParseJson(R"({"a": {"b": [1, "x"]}})", "test");
  ASSERT_TRUE(json.ok());
  EXPECT_EQ((*json)["a"]["b"].items()[1].AsString(), "x");
  EXPECT_TRUE((*json)["a"]["c"]["d"].is_null());
}

TEST(Json, BrokenTextIsAnErrorThatNamesIt) {
  const auto json = ParseJson("{\"a\": ", "job.json");
  ASSERT_FALSE(json.ok());
  EXPECT_TRUE(json.error().message.starts_with("job.json is not JSON"));
}

TEST(Json, ReadsNoMoreThanOneWholeValue) {
  for (const char* text : {"", "{} {}", "[1, 2,]", "{\"a\" 1}", "nul", "01", "\"\xff\"", "'a'", "[1] // one"}) {
    EXPECT_FALSE(ParseJson(text, "test").ok()) << text;
  }
}

TEST(Json, AnIntegerBeyond64BitsBecomesTheNearestDouble) {
  EXPECT_EQ(ParseJson("-9223372036854775808", "test").value(), Json(std::numeric_limits<std::int64_t>::min()));
  EXPECT_EQ(ParseJson("9223372036854775807", "test").value(), Json(std::numeric_limits<std::int64_t>::max()));
  EXPECT_EQ(ParseJson("9223372036854775808", "test").value(), Json(9223372036854775808.0));
}

TEST(Json, TextThatNestsWithoutEndIsRefused) {
  const std::string deep(100'000, '[');
  const auto json = ParseJson(deep, "body");
  ASSERT_FALSE(json.ok());
  EXPECT_EQ(json.error().message, "body is not JSON: it nests deeper than 1024 levels");
}

RC_GTEST_PROP(Json, EveryDoubleAndStringComesBack, (double number, const std::string& bytes)) {
  std::string text;
  for (const char c : bytes) {
    if (c >= 0) text += c;  // JSON holds UTF-8; any ASCII must survive
  }
  Json json;
  json.Set("n", number).Set("t", text);
  const auto back = ParseJson(json.Dump(2), "test");
  RC_ASSERT(back.ok());
  RC_ASSERT(back.value() == json);
}

}  // namespace
}  // namespace retrain
