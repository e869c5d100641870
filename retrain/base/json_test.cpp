#include "retrain/base/json.h"

#include <limits>

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
