#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "retrain/testing/scripted_process.h"

namespace retrain::testing {

// A runner whose next child will do what a script says.
class RunnerUnderTest {
 public:
  virtual ~RunnerUnderTest() = default;
  virtual Result<ChildExit> Play(const ChildScript& script, const std::function<bool(std::string_view)>& on_line) = 0;
};

// What every ProcessRunner promises.
class ProcessConformance : public ::testing::TestWithParam<std::unique_ptr<RunnerUnderTest> (*)()> {
 protected:
  Result<ChildExit> Play(const ChildScript& script) {
    return runner_->Play(script, [this](std::string_view line) {
      lines_.emplace_back(line);
      return lines_.size() < most_lines_;
    });
  }

  std::vector<std::string> lines_;
  std::size_t most_lines_ = 1'000'000;

 private:
  std::unique_ptr<RunnerUnderTest> runner_ = GetParam()();
};

TEST_P(ProcessConformance, LinesArriveInOrderAndTheExitTellsTheCodeAndTheLastWords) {
  const auto exit = Play({.lines = {"one", "", "three"}, .exit = {.code = 3, .last_words = "no luck"}});
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(*exit, (ChildExit{.code = 3, .last_words = "no luck"}));
  EXPECT_EQ(lines_, (std::vector<std::string>{"one", "", "three"}));
}

TEST_P(ProcessConformance, ASignalIsToldApartFromACode) {
  const auto exit = Play({.exit = {.signal = 9}});
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(exit->signal, 9);
}

TEST_P(ProcessConformance, AReceiverThatHasHadEnoughStopsTheChild) {
  most_lines_ = 2;
  const auto exit = Play({.lines = {"one", "two", "three"}});
  ASSERT_TRUE(exit.ok());
  EXPECT_EQ(exit->signal, 15);
  EXPECT_EQ(lines_.size(), 2u);
}

TEST_P(ProcessConformance, AProgramThatCannotStartIsAnError) {
  const auto exit = Play({.cannot_start = true});
  ASSERT_FALSE(exit.ok());
  EXPECT_EQ(exit.error().code, "E0303");
}

}  // namespace retrain::testing
