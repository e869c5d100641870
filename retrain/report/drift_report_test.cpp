#include "retrain/report/drift_report.h"

#include <gtest/gtest.h>

namespace retrain::report {
namespace {

drift::ColumnDrift Column(const std::string& name, drift::ColumnKind kind, drift::Outcome outcome) {
  drift::ColumnDrift column{.name = name, .kind = kind, .outcome = outcome, .reason = "PSI 0.31, at least 0.28"};
  column.effect = drift::Effect{.value = 0.31, .lower = 0.28, .upper = 0.34};
  column.n_reference = 100;
  column.n_current = 200;
  for (int i = 0; i < 12; ++i) column.cells.push_back({"cell <" + std::to_string(i) + ">", 5 + i, 10});
  return column;
}

drift::DriftReport Report(std::size_t stable) {
  drift::DriftReport report{
      .drifted = true, .sentence = "1 of many drifted", .rows_reference = 100, .rows_current = 200};
  report.columns.push_back(Column("<script>x</script>", drift::ColumnKind::kNumeric, drift::Outcome::kDrifted));
  for (std::size_t i = 0; i < stable; ++i)
    report.columns.push_back(Column("c" + std::to_string(i), drift::ColumnKind::kCategorical, drift::Outcome::kStable));
  report.left_out = {{"when", "a time"}};
  return report;
}

std::size_t Count(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(DriftText, ShowsTheSentenceEachDriftedColumnAndWhatWasLeftOut) {
  const auto text = ToText(Report(100));
  for (const char* part : {"1 of many drifted", "0.3100 [0.2800, 0.3400]",
                           "200 rows against 100 of the reference, method default, threshold 0.1",
                           "61 more that are stable", "left out: `when`, a time"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(DriftHtml, EscapesNamesAndDrawsOnePictureAColumn) {
  const auto page = ToHtmlPage(Report(3), "a & b");
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_NE(page.find("a &amp; b"), std::string::npos);
  EXPECT_EQ(Count(page, "<svg"), 4U);
  EXPECT_EQ(Count(page, "cell &lt;11&gt;: 16.00 % before, 5.00 % now"), 4U);
  EXPECT_EQ(page.find("http://www.w3.org/2000/svg") == std::string::npos ? 0U : Count(page, "http"), 4U)
      << "nothing is fetched from elsewhere";
}

TEST(DriftHtml, OfAThousandColumnsStaysSmall) {
  const auto page = ToHtmlPage(Report(1'000), "t");
  EXPECT_LT(page.size(), 1'000'000U);
  EXPECT_EQ(Count(page, "<svg"), 60U);
  EXPECT_NE(page.find("c999"), std::string::npos) << "every column stands in the table";
}

TEST(CellsPlot, IsSmallAndItsBarsAreProportional) {
  auto column = Column("x", drift::ColumnKind::kNumeric, drift::Outcome::kStable);
  column.cells = {{"a", 25, 100}, {"b", 75, 100}};
  const auto svg = CellsPlot(column);
  EXPECT_LT(svg.size(), 20'000U);
  EXPECT_NE(svg.find(R"(height="110.0")"), std::string::npos) << "the largest share fills the height";
  EXPECT_NE(svg.find(R"(height="36.7")"), std::string::npos) << "a third of it a third";
}

}  // namespace
}  // namespace retrain::report
