#include "retrain/report/run_report.h"

#include <gtest/gtest.h>

namespace retrain::report {
namespace {

pipeline::Run Promoted() {
  pipeline::Run run;
  run.id = RunId{3};
  run.state = pipeline::State::kPromoted;
  run.trigger = "manual";
  run.version = VersionId{2};
  run.base = VersionId{1};
  run.verdict = decide::Verdict::kPromote;
  run.reason = "accuracy rose by 1.3 points";
  run.comparisons = {{.metric = eval::Metric::kAccuracy,
                      .champion = 0.78,
                      .candidate = 0.793,
                      .difference = 0.013,
                      .lower = 0.006,
                      .upper = 0.02,
                      .rows = 12'345,
                      .method = "tango"}};
  run.stages = {{"Trigger validated", "done", "1 file", 0.01},
                {"Model deployed", "done", "version 2 is the champion", 0.02}};
  return run;
}

TEST(VerdictSentence, SaysWhatCameOutAndWhy) {
  EXPECT_EQ(VerdictSentence(Promoted()), "run 3 promoted version 2: accuracy rose by 1.3 points");
  auto kept = Promoted();
  kept.state = pipeline::State::kKept;
  kept.verdict = decide::Verdict::kInconclusive;
  kept.reason = "too few rows";
  EXPECT_EQ(VerdictSentence(kept), "run 3 kept champion 1 (inconclusive): too few rows");
}

TEST(RunJson, HoldsTheFieldsThatScriptsHoldOnTo) {
  const Json json = report::ToJson(Promoted());
  for (const char* key : {"id", "status", "verdict", "reason", "stages", "metrics", "version", "strategy", "trigger"}) {
    EXPECT_TRUE(json.Has(key)) << key;
  }
  EXPECT_EQ(json["status"].AsString(), "promoted");
  EXPECT_EQ(json["version"].AsInt(), 2);
  const Json& accuracy = json["metrics"]["accuracy"];
  for (const char* key : {"champion", "candidate", "difference", "lower", "upper"})
    EXPECT_TRUE(accuracy.Has(key)) << key;
}

TEST(Explain, ShowsStagesMetricsAndJournal) {
  const std::string text = Explain(
      Promoted(), {{.number = 7, .kind = "gate", .body = *ParseJson(R"({"action": "promote", "reason": "r"})", "t")}});
  for (const char* part :
       {"Trigger validated", "0.7800", "+0.0130", "[+0.0060, +0.0200]", "12,345 rows", "promote: r"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
}

TEST(RunHtml, EscapesWhatTheUserWroteAndStaysSmall) {
  auto run = Promoted();
  run.config = "{}";
  run.reason = "<script>alert(1)</script>";
  const std::string html = ToHtml(run);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
  EXPECT_LT(html.size(), 20'000U);
}

}  // namespace
}  // namespace retrain::report
