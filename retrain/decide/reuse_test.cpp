#include "retrain/decide/reuse.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/stats/binomial_sampler.h"
#include "retrain/stats/tango.h"

namespace retrain::decide {
namespace {

TEST(Reuse, SpendsTheChanceOfErrorOnRowsThatJudgeAgain) {
  struct Case {
    const char* story;
    ReuseSnapshot seen;
    double confidence;
    const char* note;
  };
  const Case cases[] = {
      {"newest rows", {}, 0.95, ""},
      {"a validation file, for the first time", {.fixed = true}, 0.9696036449, ""},
      {"for the fifth time",
       {.use = 5, .fixed = true},
       1 - 0.0012158542,
       "these validation rows have judged 5 candidates, this one among them: a promotion takes 99.88 % confidence, "
       "so that all together have 95 %"},
      {"newest rows of a run that nothing came after",
       {.use = 2},
       0.9924009112,
       "these validation rows have judged 2 candidates, this one among them: a promotion takes 99.24 % confidence, "
       "so that all together have 95 %"},
      {"ignored",
       {.policy = Reuse::kIgnore, .use = 11, .fixed = true},
       0.95,
       "these validation rows have judged 11 candidates, this one among them; bring newer rows as validation_data"},
  };
  for (const auto& c : cases) {
    const auto decision = DecideReuse(c.seen);
    EXPECT_NEAR(decision.confidence, c.confidence, 1e-9) << c.story;
    EXPECT_EQ(decision.note, c.note) << c.story;
  }
}

// Ten candidates in a row, each equal to the champion, on the same 5,000 rows of which 6 % differ. The share of series
// in which any is promoted: at most 5 % when spent, and far above when not. Limits are the binomial quantiles at 1e-6
// and 1 - 1e-6 of 2,000 series at 5 % and at 1 - 0.95^10 = 40 %.
TEST(Reuse, LetsTenEqualCandidatesThroughInOneSeriesOfTwenty) {
  Rng rng(8);
  int spent = 0;
  int ignored = 0;
  for (int series = 0; series < 2000; ++series) {
    bool any_spent = false;
    bool any_ignored = false;
    for (std::int64_t use = 1; use <= 10; ++use) {
      const std::int64_t discordant = stats::DrawBinomial(rng, 5'000, 0.06);
      const std::int64_t wins = stats::DrawBinomial(rng, discordant, 0.5);
      const auto lower = [&](Reuse policy) {
        const auto decision = DecideReuse({.policy = policy, .use = use, .fixed = true});
        return stats::TangoInterval({wins, discordant - wins, 5'000}, decision.confidence).lower;
      };
      any_spent |= lower(Reuse::kSpend) > 0;
      any_ignored |= lower(Reuse::kIgnore) > 0;
    }
    spent += any_spent ? 1 : 0;
    ignored += any_ignored ? 1 : 0;
  }
  EXPECT_LE(spent, 151);
  EXPECT_GE(ignored, 697);
}

}  // namespace
}  // namespace retrain::decide
