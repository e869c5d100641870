#include "retrain/stats/tango.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retrain/base/random.h"
#include "retrain/stats/binomial_sampler.h"
#include "retrain/stats/distributions.h"
#include "retrain/stats/mcnemar.h"
#include "tests/golden/statistics/vectors.h"

namespace retrain::stats {
namespace {

using golden::ExpectNear;

TEST(Tango, GivesTheGoldenStatisticsAndBounds) {
  const Json vector = golden::ReadVectors("tango");
  const Discordance seen{vector["wins"].AsInt(), vector["losses"].AsInt(), vector["n"].AsInt()};
  ASSERT_EQ(vector["z"].items().size(), 3U);
  for (const auto& at : vector["z"].items())
    ExpectNear(TangoZ(seen, at["difference"].AsDouble()), at["value"], 5e-11, "z");
  ExpectNear(TangoInterval(seen, 0.95).lower, vector["lower at .95"], 5e-11, "lower");
  ExpectNear(TangoInterval(seen, 0.975).lower, vector["lower at .975"], 5e-11, "lower, two-sided");
  ExpectNear(TangoInterval(seen, 0.975).upper, vector["upper at .975"], 5e-11, "upper, two-sided");
  const Json& none = vector["no discordant row"];
  ExpectNear(TangoInterval({0, 0, none["n"].AsInt()}, 0.95).lower, none["lower at .95"], 5e-11, "no discordant row");
}

TEST(McNemar, GivesTheGoldenPValues) {
  const Json vectors = golden::ReadVectors("mcnemar");
  ASSERT_EQ(vectors["cases"].items().size(), 3U);
  for (const auto& c : vectors["cases"].items()) {
    const std::int64_t wins = c["wins"].AsInt();
    const auto p = McNemarTest({wins, c["losses"].AsInt(), 100});
    const std::pair<const char*, double> ours[] = {{"exact", p.exact},
                                                   {"mid_p", p.mid_p},
                                                   {"asymptotic", p.asymptotic},
                                                   {"corrected", p.corrected},
                                                   {"one_sided_exact", p.one_sided_exact},
                                                   {"one_sided_mid_p", p.one_sided_mid_p}};
    for (const auto& [name, value] : ours) {
      if (c.Has(name)) ExpectNear(value, c[name], 5e-11, name);
    }
  }
  EXPECT_EQ(McNemarTest({0, 0, 100}), McNemar{});
}

// Any table of up to 2,000 rows.
Discordance AnyTable() {
  const auto n = *rc::gen::inRange<std::int64_t>(1, 2000);
  const auto wins = *rc::gen::inRange<std::int64_t>(0, n + 1);
  return {wins, *rc::gen::inRange<std::int64_t>(0, n - wins + 1), n};
}

RC_GTEST_PROP(Tango, BoundsEncloseTheEstimateAndFallAsConfidenceGrows, ()) {
  const auto seen = AnyTable();
  const auto narrow = TangoInterval(seen, 0.9);
  const auto wide = TangoInterval(seen, 0.99);
  RC_ASSERT(-1 <= wide.lower && wide.lower <= narrow.lower && narrow.lower <= narrow.value);
  RC_ASSERT(narrow.value <= narrow.upper && narrow.upper <= wide.upper && wide.upper <= 1);
}

RC_GTEST_PROP(Tango, ExchangingTheModelsMirrorsTheInterval, ()) {
  const auto seen = AnyTable();
  const auto there = TangoInterval(seen, 0.95);
  const auto back = TangoInterval({seen.losses, seen.wins, seen.n}, 0.95);
  RC_ASSERT(there.lower == -back.upper && there.upper == -back.lower && there.error == back.error);
}

RC_GTEST_PROP(Tango, TheLowerBoundIsWhereTheStatisticReachesTheQuantile, ()) {
  const auto seen = AnyTable();
  RC_PRE(seen.losses < seen.n);
  const double lower = TangoInterval(seen, 0.95).lower;
  RC_ASSERT(std::fabs(TangoZ(seen, lower) - NormalQuantile(0.95)) < 1e-6);
}

RC_GTEST_PROP(Tango, TheSquareAtZeroIsMcNemars, ()) {
  const auto seen = AnyTable();
  RC_PRE(seen.wins + seen.losses > 0);
  const double z = TangoZ(seen, 0);
  RC_ASSERT(std::fabs(2 * NormalCdf(-std::fabs(z)) - McNemarTest(seen).asymptotic) < 1e-12);
}

// How often the bound exceeds 0 can be written out (binomials of binomials): .04937 for equal models that disagree on
// 5 % of 1,000 rows. Limits: the binomial quantiles at 1e-6 and 1 - 1e-6 of 4,000 worlds.
TEST(Tango, AtEqualModelsTheLowerBoundExceedsZeroAboutOnceInTwenty) {
  Rng rng(2024);
  int wrong = 0;
  for (int world = 0; world < 4000; ++world) {
    const std::int64_t discordant = DrawBinomial(rng, 1000, 0.05);
    const std::int64_t wins = DrawBinomial(rng, discordant, 0.5);
    wrong += TangoInterval({wins, discordant - wins, 1000}, 0.95).lower > 0 ? 1 : 0;
  }
  EXPECT_LE(wrong, 266);
  EXPECT_GE(wrong, 136) << "valid, but not because it never fires";
}

// Written out likewise: a candidate one point better is found with chance .93741 (5,000 rows, 5 % discordant). The
// limit is the quantile at 1e-6 of 500 worlds.
TEST(Tango, FindsACandidateThatIsAPointBetter) {
  Rng rng(7);
  int found = 0;
  for (int world = 0; world < 500; ++world) {
    const std::int64_t discordant = DrawBinomial(rng, 5000, 0.05);
    const std::int64_t wins = DrawBinomial(rng, discordant, 0.6);
    found += TangoInterval({wins, discordant - wins, 5000}, 0.95).lower > 0 ? 1 : 0;
  }
  EXPECT_GE(found, 440);
}

}  // namespace
}  // namespace retrain::stats
