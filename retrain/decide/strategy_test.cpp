#include "retrain/decide/strategy.h"

#include <gtest/gtest.h>

namespace retrain::decide {
namespace {

struct Situation {
  const char* story;
  StrategySnapshot seen;
  const char* strategy;
  const char* reason;
};

TEST(Strategy, IsFullWhereverThereAreNoWeightsToGoOnFrom) {
  const Situation situations[] = {
      {"the first run of all",
       {"incremental", "mlp", "", ""},
       "full",
       "there is no champion yet, and incremental training needs one to go on from"},
      {"a first run asked to be full", {"full", "mlp", "", ""}, "full", "full was asked for"},
      {"going on", {"incremental", "mlp", "champion 3", "mlp"}, "incremental", "incremental was asked for"},
      {"starting afresh although one could go on", {"full", "mlp", "champion 3", "mlp"}, "full", "full was asked for"},
      {"the champion is a constant",
       {"incremental", "mlp", "champion 1", "constant"},
       "full",
       "champion 1 is a model of the family constant, and incremental training of mlp cannot go on from it"},
      {"a transfer without a base",
       {"transfer", "mlp", "", ""},
       "full",
       "there is no champion yet, and transfer training needs one to go on from"},
  };
  for (const auto& s : situations) {
    SCOPED_TRACE(s.story);
    const auto choice = DecideStrategy(s.seen);
    EXPECT_EQ(choice.strategy, s.strategy);
    EXPECT_EQ(choice.decision.action, std::string("run ") + s.strategy);
    EXPECT_EQ(choice.decision.reason, s.reason);
    EXPECT_EQ(choice.decision.fired, s.seen.asked == s.strategy);
    EXPECT_EQ(choice.why_other, choice.decision.fired ? "" : s.reason);
  }
}

}  // namespace
}  // namespace retrain::decide
