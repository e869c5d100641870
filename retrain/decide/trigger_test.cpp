#include "retrain/decide/trigger.h"

#include <gtest/gtest.h>

namespace retrain::decide {
namespace {

struct Situation {
  const char* story;
  PendingData pending;
  bool fires;
  const char* reason;
};

TEST(NewSamples, LetARunBeginWhenEnoughWaitAndOtherwiseNameHowManyAreMissing) {
  const Situation situations[] = {
      {"nothing has arrived", {0, 0, 1000}, false, "no new row has arrived, 1,000 short of min_new_samples (1,000)"},
      {"a single row", {1, 1, 1000}, false, "1 new row in 1 file, 999 short of min_new_samples (1,000)"},
      {"one row short", {999, 2, 1000}, false, "999 new rows in 2 files, 1 short of min_new_samples (1,000)"},
      {"exactly enough", {1000, 2, 1000}, true, "1,000 new rows in 2 files, at least 1,000 asked for"},
      {"plenty", {54210, 3, 1000}, true, "54,210 new rows in 3 files, at least 1,000 asked for"},
  };
  for (const auto& s : situations) {
    SCOPED_TRACE(s.story);
    const auto decision = DecideNewSamples(s.pending);
    EXPECT_EQ(decision.fired, s.fires);
    EXPECT_EQ(decision.action, s.fires ? "run" : "skip");
    EXPECT_EQ(decision.reason, s.reason);
    ASSERT_EQ(decision.numbers.size(), 4U);
    EXPECT_EQ(decision.numbers[0],
              (std::pair<std::string, double>("pending_rows", static_cast<double>(s.pending.rows))));
    EXPECT_EQ(decision.numbers[3].second == 0, s.fires);
  }
}

}  // namespace
}  // namespace retrain::decide
