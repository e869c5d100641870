#include "retrain/decide/gate.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retrain/base/random.h"
#include "retrain/decide/gate_sentence.h"
#include "retrain/stats/binomial_sampler.h"
#include "retrain/stats/tango.h"

namespace retrain::decide {
namespace {

using eval::Comparison;
using eval::Metric;

Comparison Seen(Metric metric, double difference, double lower, double upper) {
  return {.metric = metric,
          .champion = 0.8,
          .candidate = 0.8 + difference,
          .difference = difference,
          .lower = lower,
          .upper = upper,
          .rows = 1000,
          .method = "tango"};
}

Comparison WithoutValue(Metric metric, const char* note) {
  return {.metric = metric, .rows = 1000, .undefined = true, .note = note};
}

struct Situation {
  const char* story;
  Evidence evidence;
  double minimum;
  std::vector<Comparison> seen;
  Verdict verdict;
  const char* sentence;
  bool fallback = true;
};

const Situation kSituations[] = {
    {"better with proof, and by enough",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02), Seen(Metric::kF1, 0.01, -0.002, 0.022)},
     Verdict::kPromote,
     "accuracy of the candidate is 1.3 points above champion 3 (at least +0.6 at 95 % confidence, 1.0 asked for), and "
     "f1 did not get worse"},
    {"better with proof, nothing more asked for",
     Evidence::kStandard,
     0,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02)},
     Verdict::kPromote,
     "accuracy of the candidate is 1.3 points above champion 3 (at least +0.6 at 95 % confidence)"},
    {"two further metrics kept",
     Evidence::kStandard,
     0,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02), Seen(Metric::kF1, 0, -0.01, 0.01),
      Seen(Metric::kRocAuc, -0.001, -0.004, 0.002)},
     Verdict::kPromote,
     "accuracy of the candidate is 1.3 points above champion 3 (at least +0.6 at 95 % confidence), and f1 and roc_auc "
     "did not get worse"},
    {"a gain that misses the minimum by rounding alone",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.01 - 1e-15, 0.001, 0.019)},
     Verdict::kPromote,
     "accuracy of the candidate is 1.0 points above champion 3 (at least +0.1 at 95 % confidence, 1.0 asked for)"},
    {"significantly worse",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, -0.021, -0.033, -0.009)},
     Verdict::kReject,
     "accuracy of the candidate is 2.1 points below champion 3 (at most -0.9 at 95 % confidence)"},
    {"the minimum is excluded",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.002, -0.002, 0.006)},
     Verdict::kReject,
     "accuracy of the candidate is 0.2 points above champion 3 (at most +0.6 at 95 % confidence), less than the 1.0 "
     "asked for"},
    {"truly better, but the minimum is excluded",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.004, 0.001, 0.007)},
     Verdict::kReject,
     "accuracy of the candidate is 0.4 points above champion 3 (at most +0.7 at 95 % confidence), less than the 1.0 "
     "asked for"},
    {"a further metric got worse",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02), Seen(Metric::kF1, -0.02, -0.035, -0.005)},
     Verdict::kReject,
     "f1 of the candidate is 2.0 points below champion 3 (at most -0.5 at 95 % confidence), although accuracy is 1.3 "
     "points above champion 3"},
    {"a further metric got worse, and that is allowed",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02), Seen(Metric::kF1, -0.02, -0.035, -0.005)},
     Verdict::kPromote,
     "accuracy of the candidate is 1.3 points above champion 3 (at least +0.6 at 95 % confidence, 1.0 asked for), "
     "although f1 is 2.0 points below champion 3",
     false},
    {"too few rows to tell it from nothing",
     Evidence::kStandard,
     0,
     {Seen(Metric::kAccuracy, 0.007, -0.004, 0.018)},
     Verdict::kInconclusive,
     "accuracy of the candidate is 0.7 points above champion 3 (at least -0.4 and at most +1.8, each at 95 % "
     "confidence), too little evidence that it is better: about 5,700 rows would decide, 1,000 were judged"},
    {"proof of a gain, none that it reaches the minimum",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.008, 0.001, 0.015)},
     Verdict::kInconclusive,
     "accuracy of the candidate is 0.8 points above champion 3 (at least +0.1 and at most +1.5, each at 95 % "
     "confidence), too little evidence for or against the 1.0 asked for: about 28,000 rows would decide, 1,000 were "
     "judged"},
    {"so near to the minimum that no set of rows would do",
     Evidence::kStandard,
     0.01,
     {Seen(Metric::kAccuracy, 0.0099, 0.001, 0.0188)},
     Verdict::kInconclusive,
     "accuracy of the candidate is 0.99 points above champion 3 (at least +0.10 and at most +1.88, each at 95 % "
     "confidence), too little evidence for or against the 1.00 asked for: more than 1,000,000 rows would be needed"},
    {"no difference at all",
     Evidence::kStandard,
     0,
     {Seen(Metric::kAccuracy, 0, -0.0027, 0.0027)},
     Verdict::kInconclusive,
     "accuracy of the candidate is equal to that of champion 3 (at least -0.3 and at most +0.3, each at 95 % "
     "confidence), too little evidence that it is better"},
    {"a loss, in its own units",
     Evidence::kStandard,
     0,
     {Seen(Metric::kLogLoss, 0.0123, 0.0041, 0.0205)},
     Verdict::kPromote,
     "log_loss of the candidate is 0.012 better than champion 3 (at least +0.004 at 95 % confidence)"},
    {"a large loss, in its own units",
     Evidence::kStandard,
     0,
     {Seen(Metric::kRmse, -123.4, -150, -96.8)},
     Verdict::kReject,
     "rmse of the candidate is 123 worse than champion 3 (at most -97 at 95 % confidence)"},
    {"the primary metric has no value",
     Evidence::kStandard,
     0,
     {WithoutValue(Metric::kRocAuc, "all rows are of one class: there is no roc_auc")},
     Verdict::kInconclusive,
     "roc_auc cannot be judged on these 1,000 rows: all rows are of one class: there is no roc_auc"},
    {"a further metric has no value",
     Evidence::kStandard,
     0,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02),
      WithoutValue(Metric::kRecall, "no row is of the positive class: there is no recall")},
     Verdict::kInconclusive,
     "recall cannot be judged on these 1,000 rows: no row is of the positive class: there is no recall"},
    {"a further metric has no value, and would not have been heeded",
     Evidence::kStandard,
     0,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02), WithoutValue(Metric::kRecall, "no row is of the positive class")},
     Verdict::kPromote,
     "accuracy of the candidate is 1.3 points above champion 3 (at least +0.6 at 95 % confidence)",
     false},
    {"worse, whatever has no value",
     Evidence::kStandard,
     0,
     {Seen(Metric::kAccuracy, -0.021, -0.033, -0.009),
      WithoutValue(Metric::kRecall, "no row is of the positive class")},
     Verdict::kReject,
     "accuracy of the candidate is 2.1 points below champion 3 (at most -0.9 at 95 % confidence)"},
    {"strict: the bound itself exceeds the minimum",
     Evidence::kStrict,
     0.01,
     {Seen(Metric::kAccuracy, 0.025, 0.012, 0.038)},
     Verdict::kPromote,
     "accuracy of the candidate is 2.5 points above champion 3 (at least +1.2 at 95 % confidence, 1.0 asked for)"},
    {"strict: standard evidence is not enough",
     Evidence::kStrict,
     0.01,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02)},
     Verdict::kInconclusive,
     "accuracy of the candidate is 1.3 points above champion 3 (at least +0.6 and at most +2.0, each at 95 % "
     "confidence), too little evidence for or against the 1.0 asked for: about 13,000 rows would decide, 1,000 were "
     "judged"},
    {"point: a bare estimate is enough",
     Evidence::kPoint,
     0.01,
     {Seen(Metric::kAccuracy, 0.013, -0.02, 0.046)},
     Verdict::kPromote,
     "accuracy of the candidate is 1.3 points above champion 3 (a bare estimate, 1.0 asked for)"},
    {"point: short of the minimum",
     Evidence::kPoint,
     0.01,
     {Seen(Metric::kAccuracy, 0.002, 0.001, 0.003)},
     Verdict::kReject,
     "accuracy of the candidate is 0.2 points above champion 3 (a bare estimate), less than the 1.0 asked for"},
    {"point: any worse metric refuses",
     Evidence::kPoint,
     0,
     {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02), Seen(Metric::kF1, -0.001, -0.01, 0.008)},
     Verdict::kReject,
     "f1 of the candidate is 0.1 points below champion 3 (a bare estimate), although accuracy is 1.3 points above "
     "champion 3"},
    {"point: the same model again",
     Evidence::kPoint,
     0,
     {Seen(Metric::kAccuracy, 0, 0, 0)},
     Verdict::kReject,
     "accuracy of the candidate is equal to that of champion 3 (a bare estimate)"},
};

TEST(Gate, JudgesAsItsTableSays) {
  for (const auto& s : kSituations) {
    SCOPED_TRACE(s.story);
    GateOptions options{.minimum_improvement = s.minimum, .fallback_on_regression = s.fallback, .evidence = s.evidence};
    for (const auto& c : s.seen) options.metrics.push_back(c.metric);
    const auto judged = DecideGate(options, {s.seen}, "champion 3");
    EXPECT_EQ(Name(judged.verdict), Name(s.verdict));
    EXPECT_EQ(judged.decision.reason, s.sentence);
    EXPECT_EQ(judged.decision.subject, "gate");
    EXPECT_EQ(judged.decision.action, Name(s.verdict));
    EXPECT_EQ(judged.decision.fired, s.verdict == Verdict::kPromote);
  }
}

TEST(Gate, TakesTheConfidenceThatIsLeftForRowsThatJudgeAgain) {
  auto again = Seen(Metric::kAccuracy, 0.013, -0.002, 0.028);
  again.confidence = 0.9988;
  const std::vector<Comparison> seen = {Seen(Metric::kAccuracy, 0.013, 0.006, 0.02)};
  const auto judged = DecideGate({}, {.comparisons = seen, .again = again}, "champion 3");
  EXPECT_EQ(judged.verdict, Verdict::kInconclusive);
  EXPECT_EQ(
      judged.decision.reason,
      "accuracy of the candidate is 1.3 points above champion 3 (at least +0.6 at 95 % confidence), but these rows "
      "have judged or will judge others: at the 99.88 % confidence that is left for this verdict it is at least "
      "-0.2");
  again.lower = 0.001;
  EXPECT_EQ(DecideGate({}, {.comparisons = seen, .again = again}, "champion 3").verdict, Verdict::kPromote);
}

TEST(Gate, NamesItsOpponentAndKeepsEveryNumber) {
  const auto judged = DecideGate({.minimum_improvement = 0.01}, {{Seen(Metric::kAccuracy, 0.05, 0.03, 0.07)}},
                                 "the constant predictor");
  EXPECT_EQ(judged.decision.reason,
            "accuracy of the candidate is 5.0 points above the constant predictor (at least +3.0 at 95 % confidence, "
            "1.0 asked for)");
  const std::vector<std::pair<std::string, double>> numbers = {
      {"accuracy_champion", 0.8},    {"accuracy_candidate", 0.8 + 0.05},
      {"accuracy_difference", 0.05}, {"accuracy_lower", 0.03},
      {"accuracy_upper", 0.07},      {"minimum_improvement", 0.01},
      {"confidence", 0.95},          {"rows", 1000}};
  EXPECT_EQ(judged.decision.numbers, numbers);
}

Comparison AnyComparison(Rng& rng, Metric metric) {
  const double difference = 0.1 * (rng.Uniform() - 0.5);
  return Seen(metric, difference, difference - 0.05 * rng.Uniform(), difference + 0.05 * rng.Uniform());
}

RC_GTEST_PROP(Gate, PromotesOnlyWithTheEvidenceThatWasAskedFor, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  const std::vector<Comparison> seen = {AnyComparison(rng, Metric::kAccuracy), AnyComparison(rng, Metric::kF1)};
  GateOptions options{.minimum_improvement = 0.03 * rng.Uniform()};
  for (const Evidence evidence : {Evidence::kStandard, Evidence::kStrict, Evidence::kPoint}) {
    options.evidence = evidence;
    if (DecideGate(options, {seen}, "champion 1").verdict != Verdict::kPromote) continue;
    RC_ASSERT(seen[0].difference > 0 && seen[0].difference >= options.minimum_improvement - 1e-12);
    RC_ASSERT((evidence == Evidence::kPoint ? seen[1].difference : seen[1].upper) >= 0);
    if (evidence != Evidence::kPoint) RC_ASSERT(seen[0].lower > 0);
    if (evidence == Evidence::kStrict) RC_ASSERT(seen[0].lower > options.minimum_improvement);
  }
}

RC_GTEST_PROP(Gate, AskingForMoreNeverTurnsARefusalIntoAPromotion, ()) {
  Rng rng(*rc::gen::arbitrary<std::uint64_t>());
  const std::vector<Comparison> seen = {AnyComparison(rng, Metric::kAccuracy)};
  const double less = 0.03 * rng.Uniform();
  for (const Evidence evidence : {Evidence::kStandard, Evidence::kStrict, Evidence::kPoint}) {
    const auto at = [&](double minimum) {
      return DecideGate({.minimum_improvement = minimum, .evidence = evidence}, {seen}, "champion 1").verdict;
    };
    RC_ASSERT(at(less) == Verdict::kPromote || at(less + 0.01) != Verdict::kPromote);
  }
}

// The whole point: of models that are equal (5 % of 1,000 rows differ) bare estimates promote about every second, the
// gate one in twenty. The exact chances are .47173 and .04937 (binomials of binomials, written out); limits are the
// binomial quantiles at 1e-6 and 1 - 1e-6 of 4,000 worlds.
TEST(Gate, OfEqualModelsPromotesOneInTwentyWhereBareEstimatesPromoteEverySecond) {
  Rng rng(12);
  int by_evidence = 0;
  int by_estimate = 0;
  for (int world = 0; world < 4000; ++world) {
    const std::int64_t discordant = stats::DrawBinomial(rng, 1000, 0.05);
    const std::int64_t wins = stats::DrawBinomial(rng, discordant, 0.5);
    const auto interval = stats::TangoInterval({wins, discordant - wins, 1000}, 0.95);
    const std::vector<Comparison> seen = {Seen(Metric::kAccuracy, interval.value, interval.lower, interval.upper)};
    by_evidence += DecideGate({}, {seen}, "champion 1").verdict == Verdict::kPromote ? 1 : 0;
    by_estimate +=
        DecideGate({.evidence = Evidence::kPoint}, {seen}, "champion 1").verdict == Verdict::kPromote ? 1 : 0;
  }
  EXPECT_LE(by_evidence, 266);
  EXPECT_GE(by_evidence, 136);
  EXPECT_GE(by_estimate, 1737);
}

// Statistics' own formula: (z_.95 + z_.8)² (discordant - difference²)/(difference - margin)² = 1,540 rows for 10 %
// discordant rows and a difference of 2 points.
TEST(Gate, PlansTheRowsThatTheSampleSizeFormulaGives) {
  const double error = std::sqrt((0.1 - 0.02 * 0.02) / 400);
  auto c = Seen(Metric::kAccuracy, 0.02, 0.02 - 1.6448536269514722 * error, 0.02 + 1.6448536269514722 * error);
  c.rows = 400;
  EXPECT_EQ(std::ceil(RowsToDecide({}, c)), 1540);
}

TEST(Verdict, AndEvidenceReadBackFromTheirNames) {
  for (const Verdict verdict : {Verdict::kPromote, Verdict::kReject, Verdict::kInconclusive}) {
    EXPECT_EQ(*VerdictFromName(Name(verdict)), verdict);
  }
  for (const Evidence evidence : {Evidence::kStandard, Evidence::kStrict, Evidence::kPoint}) {
    EXPECT_EQ(*EvidenceFromName(Name(evidence)), evidence);
  }
  const auto slip = EvidenceFromName("strong");
  ASSERT_FALSE(slip.ok());
  EXPECT_EQ(slip.error().message, "there is no evidence `strong`");
  EXPECT_EQ(slip.error().hint, "write one of standard, strict, point");
}

TEST(Decision, ReadsBackFromItsJson) {
  const auto decision = DecideGate({}, {{Seen(Metric::kAccuracy, 0.05, 0.03, 0.07)}}, "champion 3").decision;
  const auto back = DecisionFromJson(*ParseJson(ToJson(decision).Dump(), "a decision"));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, decision);
  EXPECT_EQ(DecisionFromJson(Json::MakeObject()).error().code, "E0302");
}

}  // namespace
}  // namespace retrain::decide
