#include "retrain/app/worker/child_trainer.h"

#include <gmock/gmock.h>

#include "retrain/app/worker/messages.h"
#include "retrain/testing/scripted_process.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::app {
namespace {

using ::testing::HasSubstr;

class ChildTrainerTest : public ::testing::Test {
 protected:
  ChildTrainerTest() { RETRAIN_ALWAYS(disk_.MakeFolders("work").ok()); }

  Result<train::TrainOutcome> Train(testing::ChildScript script, const train::OnProgress& on_progress = Go) {
    processes_.Expect(std::move(script));
    ChildTrainer trainer(disk_, processes_);
    auto outcome = trainer.Train({.checkpoint = "work/run-1.checkpoint"}, on_progress);
    const auto left = disk_.List("work");
    EXPECT_TRUE(left.ok() && left->empty()) << "files of the child are left over";
    return outcome;
  }
  static bool Go(const train::Progress&) { return true; }

  testing::SimDisk disk_;
  testing::ScriptedProcessRunner processes_;
};

TEST_F(ChildTrainerTest, GivesTheJobAndTakesProgressAndArtifact) {
  std::vector<int> epochs;
  const auto outcome =
      Train({.act =
                 [&](const std::vector<std::string>& arguments) {
                   EXPECT_EQ(arguments[0], "worker");
                   EXPECT_TRUE(disk_.Exists(arguments[1]));
                   EXPECT_TRUE(WriteFileDurably(disk_, arguments[2], "bytes of a model").ok());
                 },
             .lines = {"a library says hello", WriteProgress({.epoch = 1, .epochs = 2}),
                       WriteProgress({.epoch = 2, .epochs = 2}),
                       WriteOutcome(train::TrainOutcome{.epochs = 2, .best_epoch = 1, .best_loss = 0.5, .rows = 10})}},
            [&](const train::Progress& progress) {
              epochs.push_back(progress.epoch);
              return true;
            });
  ASSERT_TRUE(outcome.ok()) << ToText(outcome.error());
  EXPECT_EQ(outcome->artifact, "bytes of a model");
  EXPECT_EQ(outcome->best_epoch, 1);
  EXPECT_EQ(epochs, (std::vector<int>{1, 2}));
}

TEST_F(ChildTrainerTest, ACrashIsAnErrorThatNamesTheSignalAndTheLastWords) {
  const auto outcome = Train({.exit = {.signal = 11, .last_words = "corrupted size"}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "E0305");
  EXPECT_THAT(outcome.error().message, HasSubstr("signal 11"));
  EXPECT_THAT(outcome.error().message, HasSubstr("corrupted size"));
}

TEST_F(ChildTrainerTest, KilledHintsAtMemory) {
  const auto outcome = Train({.exit = {.signal = 9}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(outcome.error().hint, HasSubstr("memory"));
}

TEST_F(ChildTrainerTest, AnErrorOfTheChildPassesThroughAsItIs) {
  const Error said{
      .code = "E0304", .message = "the loss is not finite", .where = {.key = "learning_rate"}, .hint = "lower it"};
  const auto outcome = Train({.lines = {WriteOutcome(said)}, .exit = {.code = 1}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error(), said);
}

TEST_F(ChildTrainerTest, AnEndWithoutAResultIsAnError) {
  const auto outcome = Train({.exit = {.code = 127, .last_words = "cannot open libarrow"}});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "E0303");
  EXPECT_THAT(outcome.error().message, HasSubstr("cannot open libarrow"));
}

TEST_F(ChildTrainerTest, AWishToStopIsNoFailureOfTheRun) {
  const auto outcome =
      Train({.lines = {WriteProgress({.epoch = 1, .epochs = 9})}}, [](const train::Progress&) { return false; });
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().kind(), ErrorKind::kBusy);
}

TEST_F(ChildTrainerTest, AChildThatCannotStartIsAnError) {
  const auto outcome = Train({.cannot_start = true});
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, "E0303");
}

}  // namespace
}  // namespace retrain::app
