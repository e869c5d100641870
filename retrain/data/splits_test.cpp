#include "retrain/data/splits.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace retrain::data {
namespace {

TEST(SplitByTime, CutsTheNewestRowsOffForStoppingAndJudging) {
  const auto split = SplitByTime(std::vector<FileRows>{{"jan", 60}, {"feb", 30}, {"mar", 10}});
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->training, (std::vector<FileRange>{{"jan", 0, 60}, {"feb", 0, 15}}));
  EXPECT_EQ(split->stopping, (std::vector<FileRange>{{"feb", 15, 30}}));
  EXPECT_EQ(split->recent, (std::vector<FileRange>{{"mar", 0, 10}}));
}

TEST(SplitByTime, StoppingRowsHaveACeiling) {
  const auto split = SplitByTime(std::vector<FileRows>{{"all", 1'000'000}}, {.recent_fraction = 0});
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(CountRows(split->stopping), 50'000);
  EXPECT_TRUE(split->recent.empty());
}

TEST(SplitByTime, RefusesWhatLeavesNothingToTrain) {
  const auto split = SplitByTime(std::vector<FileRows>{{"all", 2}});
  ASSERT_FALSE(split.ok());
  EXPECT_EQ(split.error().code, "E0214");
  EXPECT_TRUE(SplitByTime(std::vector<FileRows>{{"all", 3}}).ok());
}

RC_GTEST_PROP(SplitByTime, EveryRowIsInExactlyOnePartAndPartsFollowEachOther, ()) {
  const auto rows = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 500));
  std::vector<FileRows> files;
  for (std::size_t i = 0; i < rows.size(); ++i) files.push_back({std::to_string(i), rows[i]});
  const auto split = SplitByTime(files, {.stopping_fraction = 0.2, .recent_fraction = 0.3, .most_stopping_rows = 100});
  RC_PRE(split.ok());
  auto all = split->training;
  all.insert(all.end(), split->stopping.begin(), split->stopping.end());
  all.insert(all.end(), split->recent.begin(), split->recent.end());
  std::size_t at = 0;
  std::int64_t row = 0;
  for (const auto& range : all) {
    while (row == files[at].rows) ++at, row = 0;
    RC_ASSERT(range.path == files[at].path);
    RC_ASSERT(range.begin == row);
    RC_ASSERT(range.end > range.begin);
    row = range.end;
  }
  std::int64_t total = 0;
  for (const auto& file : files) total += file.rows;
  RC_ASSERT(CountRows(all) == total);
}

}  // namespace
}  // namespace retrain::data
