#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "retrain/base/json.h"
#include "retrain/eval/unlabelled/cbpe.h"
#include "retrain/eval/unlabelled/dle.h"

// What NannyML says in tests/golden/unlabelled, which tools/data/unlabelled_golden.py wrote by running it.
namespace retrain::eval {
namespace {

Json Read(const std::string& name) {
  std::ifstream file(std::string(RETRAIN_SOURCE_DIR) + "/tests/golden/unlabelled/" + name + ".json");
  std::stringstream text;
  text << file.rdbuf();
  auto json = ParseJson(text.str(), name);
  EXPECT_TRUE(json.ok()) << name;
  EXPECT_TRUE(json.ok() && !(*json)["origin"].AsString().empty());
  return json.ok() ? std::move(json).value() : Json();
}

std::vector<double> Numbers(const Json& list) {
  std::vector<double> numbers;
  for (const auto& item : list.items()) numbers.push_back(item.AsDouble());
  return numbers;
}
std::vector<std::int32_t> Classes(const Json& list) {
  std::vector<std::int32_t> classes;
  for (const auto& item : list.items()) classes.push_back(static_cast<std::int32_t>(item.AsInt()));
  return classes;
}

ScoredRows Rows(const Json& table, std::int64_t classes) {
  ScoredRows rows{.classes = classes, .predicted = Classes(table["said"])};
  std::vector<std::vector<double>> columns;
  if (classes == 2) {
    columns.push_back(Numbers(table["p1"]));
  } else {
    for (std::int64_t c = 0; c < classes; ++c) columns.push_back(Numbers(table["p" + std::to_string(c)]));
  }
  for (std::size_t row = 0; row < rows.predicted.size(); ++row) {
    for (const auto& column : columns) rows.scores.push_back(column[row]);
  }
  return rows;
}

constexpr double kSame = 1e-9;  // relative
void ExpectClose(double ours, const Json& theirs, const std::string& what) {
  EXPECT_TRUE(theirs.is_number()) << what;
  EXPECT_NEAR(ours, theirs.AsDouble(), kSame * std::fabs(theirs.AsDouble()) + 1e-14) << what;
}

// Compares every number of every chunk; returns how many.
int CompareCbpe(const std::string& name, std::int64_t classes) {
  const Json json = Read(name);
  const auto reference = Rows(json["reference"], classes);
  const auto cbpe = Cbpe::Fit(reference, Classes(json["reference"]["y"]), {.refits = 5});
  EXPECT_TRUE(cbpe.ok());
  if (!cbpe.ok()) return 0;
  const auto& calibrates = json["calibrates"].items();
  EXPECT_EQ(calibrates.size(), reference.columns());
  for (std::size_t column = 0; column < calibrates.size(); ++column) {
    EXPECT_EQ(cbpe->calibrates(column), calibrates[column].AsBool()) << name << ", column " << column;
  }
  const auto analysis = Rows(json["analysis"], classes);
  const auto chunks = static_cast<std::size_t>(json["chunks"].AsInt());
  const std::size_t size = analysis.rows() / chunks;
  int compared = 0;
  for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
    const auto report = cbpe->Estimate(analysis.Slice(chunk * size, (chunk + 1) * size));
    EXPECT_TRUE(report.ok());
    for (const auto metric : kUnlabelledMetrics) {
      const std::string metric_name(Name(metric));
      const Json& theirs = json["metrics"][metric_name];
      const std::string what = name + " chunk " + std::to_string(chunk) + " " + metric_name;
      const PerformanceEstimate* ours = report->Find(metric);
      EXPECT_NE(ours, nullptr) << what;
      if (ours == nullptr) continue;
      ExpectClose(ours->value, theirs["value"].items()[chunk], what);
      ExpectClose(ours->sampling_error, theirs["sampling error"].items()[chunk], what + " error");
      ExpectClose(ours->narrow_lower, theirs["lower"].items()[chunk], what + " lower");
      ExpectClose(ours->narrow_upper, theirs["upper"].items()[chunk], what + " upper");
      ExpectClose(ours->lower_threshold, theirs["lower threshold"].items()[chunk], what + " lower threshold");
      ExpectClose(ours->upper_threshold, theirs["upper threshold"].items()[chunk], what + " upper threshold");
      EXPECT_EQ(ours->alarm, theirs["alarm"].items()[chunk].AsBool()) << what;
      EXPECT_LE(ours->lower, ours->narrow_lower) << what;
      EXPECT_GE(ours->upper, ours->narrow_upper) << what;
      compared += 7;
    }
  }
  return compared;
}

TEST(UnlabelledGolden, CbpeOfTwoClassesAgreesWithNannyMl) { EXPECT_EQ(CompareCbpe("binary", 2), 10 * 6 * 7); }
TEST(UnlabelledGolden, CbpeOfThreeClassesAgreesWithNannyMl) { EXPECT_EQ(CompareCbpe("classes", 3), 10 * 6 * 7); }

TEST(UnlabelledGolden, DirectLossAgreesWithNannyMl) {
  const Json json = Read("regression");
  const auto truth = Numbers(json["reference"]["y"]);
  const auto said = Numbers(json["reference"]["said"]);
  const auto chunks = static_cast<std::size_t>(json["chunks"].AsInt());
  ASSERT_EQ(chunks, 10U);
  for (const auto metric : kLossMetrics) {
    const std::string name(Name(metric));
    const auto fitted = DirectLoss::Fit(metric, truth, said);
    ASSERT_TRUE(fitted.ok());
    const auto predicted = Numbers(json["predicted losses"][name]);
    const std::size_t size = predicted.size() / chunks;
    const Json& theirs = json["metrics"][name];
    for (std::size_t chunk = 0; chunk < chunks; ++chunk) {
      const auto ours = fitted->Estimate(std::span(predicted).subspan(chunk * size, size));
      ASSERT_TRUE(ours.ok());
      const std::string what = name + " chunk " + std::to_string(chunk);
      ExpectClose(ours->value, theirs["value"].items()[chunk], what);
      ExpectClose(ours->sampling_error, theirs["sampling error"].items()[chunk], what + " error");
      ExpectClose(ours->narrow_lower, theirs["lower"].items()[chunk], what + " lower");
      ExpectClose(ours->narrow_upper, theirs["upper"].items()[chunk], what + " upper");
      ExpectClose(ours->lower_threshold, theirs["lower threshold"].items()[chunk], what + " lower threshold");
      ExpectClose(ours->upper_threshold, theirs["upper threshold"].items()[chunk], what + " upper threshold");
      EXPECT_EQ(ours->alarm, theirs["alarm"].items()[chunk].AsBool()) << what;
    }
  }
}

}  // namespace
}  // namespace retrain::eval
