#include "retrain/report/forest_plot.h"

#include <regex>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace retrain::report {
namespace {

eval::Comparison Accuracy(double lower, double difference, double upper) {
  return {.metric = eval::Metric::kAccuracy, .difference = difference, .lower = lower, .upper = upper, .rows = 100};
}

// Where the dot of the first row stands.
double DotAt(const std::string& svg) {
  std::smatch found;
  EXPECT_TRUE(std::regex_search(svg, found, std::regex(R"re(circle cx="([0-9.]+)")re")));
  return std::stod(found[1]);
}

TEST(ForestPlot, ABetterCandidateStandsRightOfTheZeroLine) {
  EXPECT_GT(DotAt(ForestPlot({Accuracy(0.01, 0.02, 0.03)}, 0)), 280);
  EXPECT_LT(DotAt(ForestPlot({Accuracy(-0.03, -0.02, -0.01)}, 0)), 280);
  EXPECT_DOUBLE_EQ(DotAt(ForestPlot({Accuracy(-0.01, 0, 0.01)}, 0)), 280);
}

TEST(ForestPlot, DrawsTheMinimumImprovementOnlyWhereOneIsAskedFor) {
  EXPECT_EQ(ForestPlot({Accuracy(0.01, 0.02, 0.03)}, 0).find("dasharray"), std::string::npos);
  EXPECT_NE(ForestPlot({Accuracy(0.01, 0.02, 0.03)}, 0.01).find("dasharray"), std::string::npos);
}

TEST(ForestPlot, AMetricWithoutAValueSaysSo) {
  auto undefined = Accuracy(0, 0, 0);
  undefined.undefined = true;
  EXPECT_NE(ForestPlot({undefined}, 0).find("no value on these rows"), std::string::npos);
}

TEST(SlicePlot, ShowsTheWorstOnesFirstOnOneScale) {
  std::vector<decide::SliceComparison> slices;
  for (int i = 0; i < 30; ++i) {
    const double difference = 0.001 * i;
    slices.push_back({.name = fmt::format("a < {}", i),
                      .tolerance = 0.02,
                      .comparison = Accuracy(difference - 0.02, difference, difference + 0.02)});
  }
  std::swap(slices.front(), slices.back());
  const auto svg = SlicePlot(slices);
  EXPECT_LT(svg.find(">a &lt; 0<"), svg.find(">a &lt; 1<"));
  EXPECT_EQ(svg.find(">a &lt; 29<"), std::string::npos);
  EXPECT_NE(svg.find("and 6 slices that lost less"), std::string::npos);
  EXPECT_NE(svg.find("dasharray"), std::string::npos) << "the tolerated loss";
  EXPECT_DOUBLE_EQ(DotAt(svg), 280) << "the first row's difference is 0";
}

TEST(ForestPlot, IsSmallAndHoldsNoScript) {
  const std::vector<eval::Comparison> twelve(12, Accuracy(0.01, 0.02, 0.03));
  const auto svg = ForestPlot(twelve, 0.01);
  EXPECT_LT(svg.size(), 20'000U);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
}

}  // namespace
}  // namespace retrain::report
