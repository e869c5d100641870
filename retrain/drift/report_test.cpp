#include "retrain/drift/report.h"

#include <limits>

#include <gtest/gtest.h>

namespace retrain::drift {
namespace {

DriftReport Example() {
  ColumnDrift distance{.name = "distance",
                       .outcome = Outcome::kDrifted,
                       .reason = "PSI 0.31",
                       .effect = Effect{.value = 0.31, .lower = 0.28, .upper = 0.34},
                       .statistic = 0.312,
                       .p_value = 1e-9,
                       .adjusted_p_value = 2e-9,
                       .threshold = 0.1};
  distance.nulls = {.reference_share = 0.01, .current_share = 0.02, .effect = Effect{0.007, 0, 0.02}, .p_value = 1};
  distance.importance = 0.5;
  distance.n_reference = 990;
  distance.n_current = 490;
  distance.cells = {{"below 17", 0, 3}, {"(17, 502]", 100, 40}, {"9 others", 1, 2, true}};
  distance.statistics = {{"ks", 0.21}};
  ColumnDrift carrier{.name = "carrier", .kind = ColumnKind::kCategorical, .rows_to_decide = 4'000};
  carrier.effect = Effect{.upper = std::numeric_limits<double>::infinity()};
  return {.drifted = true,
          .drifted_share = 0.5,
          .sentence = "1 of 2 columns drifted",
          .rows_reference = 1'000,
          .rows_current = 500,
          .columns = {distance, carrier},
          .joint = JointDrift{.outcome = Outcome::kDrifted, .area = 0.8, .lower = 0.7, .upper = 0.9, .p_value = 1e-9},
          .left_out = {{"time_hour", "a time"}}};
}

TEST(DriftReport, ComesBackFromItsJson) {
  const auto text = ToJson(Example()).Dump(2);
  const auto json = ParseJson(text, "test");
  ASSERT_TRUE(json.ok());
  const auto back = DriftReportFromJson(*json);
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_EQ(*back, Example());
}

TEST(DriftReport, JsonThatIsNoneIsAnError) {
  EXPECT_EQ(DriftReportFromJson(Json::MakeObject()).error().code, "E0302");
  auto json = *ParseJson(R"({"columns": [{"kind": "numeric", "outcome": "gone"}]})", "test");
  EXPECT_EQ(DriftReportFromJson(json).error().message, "there is no outcome `gone` of a drift test");
}

TEST(DriftReport, FindsAColumnByItsName) {
  const auto report = Example();
  ASSERT_NE(report.Find("carrier"), nullptr);
  EXPECT_EQ(report.Find("carrier")->rows_to_decide, 4'000);
  EXPECT_EQ(report.Find("tailnum"), nullptr);
}

}  // namespace
}  // namespace retrain::drift
