#include "retrain/decide/slices.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/decide/gate.h"
#include "retrain/stats/binomial_sampler.h"
#include "retrain/stats/distributions.h"
#include "retrain/stats/tango.h"

namespace retrain::decide {
namespace {

struct Part {
  SliceKind kind;
  double difference;
  double error;
  std::optional<double> tolerance = 0;
  std::int64_t rows = 1'000;
};

eval::Comparison At(const Part& part, double confidence) {
  const double reach = stats::NormalQuantile(confidence) * part.error;
  return {.champion = 0.8,
          .candidate = 0.8 + part.difference,
          .difference = part.difference,
          .lower = part.difference - reach,
          .upper = part.difference + reach,
          .confidence = confidence,
          .rows = part.rows,
          .undefined = part.rows == 0};
}

std::vector<SliceComparison> Judged(const std::vector<Part>& parts) {
  std::vector<SliceComparison> slices;
  for (const auto& part : parts)
    slices.push_back({.name = "carrier = UA", .kind = part.kind, .tolerance = part.tolerance});
  const auto compare = [&](std::size_t i, double confidence) -> Result<eval::Comparison> {
    return At(parts[i], confidence);
  };
  EXPECT_TRUE(JudgeSlices(100, 0.95, compare, slices).ok());
  return slices;
}

GateDecision Judge(const std::vector<Part>& parts, GateOptions options = {}) {
  return DecideGate(options, {{At({SliceKind::kWatched, 0.03, 0.01}, 0.95)}, Judged(parts)}, "champion 3");
}

TEST(Slices, EndAsTheirTableSays) {
  struct Case {
    const char* story;
    Part part;
    SliceOutcome outcome;
    Verdict verdict;  // where all rows are better with proof
  };
  const Case cases[] = {
      {"watched, better", {SliceKind::kWatched, .02, .01}, SliceOutcome::kNotWorse, Verdict::kPromote},
      {"watched, no telling", {SliceKind::kWatched, -.01, .01}, SliceOutcome::kUndecided, Verdict::kPromote},
      {"watched, worse", {SliceKind::kWatched, -.05, .01}, SliceOutcome::kWorse, Verdict::kReject},
      {"worse within tolerance", {SliceKind::kWatched, -.05, .01, .1}, SliceOutcome::kNotWorse, Verdict::kPromote},
      {"few rows", {SliceKind::kWatched, -.5, .01, 0, 99}, SliceOutcome::kInsufficient, Verdict::kPromote},
      {"no interval", {SliceKind::kWatched, 0, 0, 0, 0}, SliceOutcome::kInsufficient, Verdict::kPromote},
      {"critical, holds", {SliceKind::kCritical, 0, .01, .02}, SliceOutcome::kNotWorse, Verdict::kPromote},
      {"critical, no telling",
       {SliceKind::kCritical, -.01, .01, .02},
       SliceOutcome::kUndecided,
       Verdict::kInconclusive},
      {"critical, few rows",
       {SliceKind::kCritical, 0, .01, .02, 99},
       SliceOutcome::kInsufficient,
       Verdict::kInconclusive},
      {"critical, worse", {SliceKind::kCritical, -.05, .01, .02}, SliceOutcome::kWorse, Verdict::kReject},
      {"forgotten, only told", {SliceKind::kAnchor, -.5, .01, {}}, SliceOutcome::kOnlyTold, Verdict::kPromote},
      {"forgotten beyond the budget", {SliceKind::kAnchor, -.08, .01, .02}, SliceOutcome::kWorse, Verdict::kReject},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(Name(Judged({c.part})[0].outcome), Name(c.outcome)) << c.story;
    EXPECT_EQ(Name(Judge({c.part}).verdict), Name(c.verdict)) << c.story;
  }
}

TEST(Slices, AreAdjustedForTheirNumber) {
  const Part doubtful = {SliceKind::kWatched, -.02, .01};  // p = 0.023
  EXPECT_EQ(Judge({doubtful}).verdict, Verdict::kReject);
  EXPECT_EQ(Judge({doubtful, {SliceKind::kWatched, .01, .01}, {SliceKind::kWatched, .01, .01}}).verdict,
            Verdict::kPromote);
}

TEST(Slices, RefuseOnlyWhereRegressionsDo) {
  EXPECT_EQ(Judge({{SliceKind::kWatched, -.05, .01}}, {.fallback_on_regression = false}).verdict, Verdict::kPromote);
  EXPECT_EQ(Judge({{SliceKind::kCritical, -.05, .01, .02}}, {.fallback_on_regression = false}).verdict,
            Verdict::kReject)
      << "critical ones always count";
}

TEST(Slices, AreNamedInTheSentenceOfTheGate) {
  EXPECT_EQ(Judge({{SliceKind::kWatched, -.05, .01}}).decision.reason,
            "accuracy of the candidate is 5.0 points below champion 3 in `carrier = UA` (at most -3.4 at 95 % "
            "confidence), although on all rows it is 3.0 points above champion 3");
  EXPECT_EQ(Judge({{SliceKind::kWatched, -.05, .01}, {SliceKind::kWatched, 0, .01}}).decision.reason,
            "accuracy of the candidate is 5.0 points below champion 3 in `carrier = UA` (at most -3.0 at 97.5 % "
            "confidence, 95 % for all slices together), although on all rows it is 3.0 points above champion 3");
  EXPECT_EQ(Judge({{SliceKind::kCritical, -.01, .01, .02}}).decision.reason,
            "a critical slice is not shown to hold: accuracy of the candidate is 1.0 points below champion 3 in "
            "`carrier = UA` (at least -2.6 at 95 % confidence; a loss of 2.0 is accepted)");
  EXPECT_EQ(Judge({{SliceKind::kCritical, 0, .01, .02, 20}}).decision.reason,
            "a critical slice is not shown to hold: `carrier = UA` has 20 of the 100 rows that a slice takes "
            "(min_slice_rows)");
}

TEST(Slices, CalledWorseLeaveTheOthersLessToAdjustFor) {
  const Part worse = {SliceKind::kWatched, -.05, .01};
  const Part doubtful = {SliceKind::kWatched, -.02, .01};
  const Part better = {SliceKind::kWatched, .01, .01};
  EXPECT_EQ(Judged({doubtful, better, better})[0].outcome, SliceOutcome::kUndecided);
  EXPECT_EQ(Judged({doubtful, better, worse})[0].outcome, SliceOutcome::kWorse);
}

TEST(Slices, ThatSayNothingAreNotAdjustedFor) {
  const Part doubtful = {SliceKind::kWatched, -.02, .01};
  const Part few = {SliceKind::kWatched, .01, .01, 0, 99};
  const Part told = {SliceKind::kAnchor, .01, .01, {}};
  const Part critical = {SliceKind::kCritical, .01, .01, .02};
  EXPECT_EQ(Judged({few, told, doubtful, few, critical})[2].outcome, SliceOutcome::kWorse);
}

TEST(Slices, ReadBackFromTheirJson) {
  for (const auto& slice : Judged({{SliceKind::kAnchor, -.5, .01, {}}, {SliceKind::kCritical, 0, .01, .02}})) {
    EXPECT_EQ(*SliceFromJson(*ParseJson(ToJson(slice).Dump(), "a slice")), slice);
  }
}

// Twenty slices of 300 rows, 5 % of the rows differ, both models equal: the share of worlds in which any slice refuses
// is at most 5 %. The limit is the binomial quantile at 1 - 1e-6 of 2,000 worlds at 5 %.
TEST(Slices, OfEqualModelsRefuseOneInTwentyWorldsAtMost) {
  Rng rng(5);
  int refused = 0;
  for (int world = 0; world < 2000; ++world) {
    std::vector<stats::Discordance> counts;
    for (int i = 0; i < 20; ++i) {
      const std::int64_t discordant = stats::DrawBinomial(rng, 300, 0.05);
      const std::int64_t wins = stats::DrawBinomial(rng, discordant, 0.5);
      counts.push_back({wins, discordant - wins, 300});
    }
    const auto compare = [&](std::size_t i, double confidence) -> Result<eval::Comparison> {
      const auto interval = stats::TangoInterval(counts[i], confidence);
      return eval::Comparison{.lower = interval.lower, .upper = interval.upper, .rows = 300};
    };
    std::vector<SliceComparison> slices(20, {.tolerance = 0});
    EXPECT_TRUE(JudgeSlices(100, 0.95, compare, slices).ok());
    const auto is_worse = [](const auto& slice) { return slice.outcome == SliceOutcome::kWorse; };
    refused += std::any_of(slices.begin(), slices.end(), is_worse) ? 1 : 0;
  }
  EXPECT_LE(refused, 151);
}

}  // namespace
}  // namespace retrain::decide
