#include "retrain/pipeline/state.h"

#include <set>

#include <gtest/gtest.h>

namespace retrain::pipeline {
namespace {

TEST(States, TheTableIsInTheOrderOfTheEnum) {
  for (std::size_t i = 0; i < std::size(kStates); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(kStates[i].state), i);
    const auto back = StateFromName(kStates[i].name);
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, kStates[i].state);
  }
  EXPECT_FALSE(StateFromName("finished").ok());
}

TEST(States, NothingLeavesAnEndAndEverythingElseGoesOn) {
  for (const auto& row : kStates) {
    bool leaves = false;
    for (const auto& next : kStates) leaves |= CanAdvance(row.state, next.state);
    EXPECT_EQ(leaves, !row.is_end) << row.name;
  }
}

TEST(States, EveryStateButTheFirstIsReachedFromTheFirstAndNoneTwice) {
  std::set<State> reached = {State::kCreated};
  for (std::size_t round = 0; round < std::size(kStates); ++round) {
    for (const auto& edge : kEdges) {
      if (reached.contains(edge.from)) reached.insert(edge.to);
      EXPECT_LT(edge.from, edge.to) << "a run never goes back";
    }
  }
  EXPECT_EQ(reached.size(), std::size(kStates));
}

TEST(States, APromotionNeedsAVerdict) {
  for (const auto& edge : kEdges) {
    if (edge.to == State::kPromoted || edge.to == State::kKept) {
      EXPECT_EQ(edge.from, State::kValidated);
    }
  }
}

TEST(States, FiveAreTheStagesThatAPersonSees) {
  std::vector<std::string_view> stages;
  for (const auto& row : kStates) {
    if (!row.stage.empty()) stages.push_back(row.stage);
  }
  EXPECT_EQ(stages, (std::vector<std::string_view>{"Trigger validated", "Data prepared", "Training started",
                                                   "Validation passed", "Model deployed"}));
}

}  // namespace
}  // namespace retrain::pipeline
