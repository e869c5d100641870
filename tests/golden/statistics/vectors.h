#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "retrain/base/json.h"

// The golden vectors beside this file: numbers of independent programs, each with its origin.
namespace retrain::golden {

inline Json ReadVectors(const std::string& name) {
  const std::string path = std::string(RETRAIN_SOURCE_DIR) + "/tests/golden/statistics/" + name + ".json";
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  auto json = ParseJson(text.str(), path);
  if (!json.ok()) {
    ADD_FAILURE() << ToText(json.error());
    return {};
  }
  EXPECT_FALSE((*json)["origin"].AsString().empty()) << path << " does not say where its numbers are from";
  return std::move(json).value();
}

inline std::vector<double> Numbers(const Json& json) {
  std::vector<double> numbers;
  for (const auto& item : json.items()) numbers.push_back(item.AsDouble());
  EXPECT_FALSE(numbers.empty());
  return numbers;
}

inline std::vector<std::string> Texts(const Json& json) {
  std::vector<std::string> texts;
  for (const auto& item : json.items()) texts.push_back(item.AsString());
  return texts;
}

// Agreement to `digits` decimals, for numbers that are kept that long. A number that is missing is NaN and never near.
inline void ExpectNear(double ours, const Json& theirs, double tolerance, std::string_view what) {
  EXPECT_TRUE(theirs.is_number()) << what << " is not in the file";
  EXPECT_NEAR(ours, theirs.AsDouble(), tolerance) << what;
}

}  // namespace retrain::golden
