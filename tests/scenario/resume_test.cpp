// A run that is interrupted between any two stages, and taken up by another process, ends as an undisturbed one.
#include <gmock/gmock.h>

#include "retrain/app/config/read_config.h"
#include "retrain/report/run_report.h"
#include "world.h"

namespace retrain::scenario {
namespace {

using PipelineRun = pipeline::Run;
using pipeline::State;

pipeline::Config Config(const char* training = "{epochs: 4, hidden: 8, learning_rate: 0.02}") {
  const auto config =
      app::ReadConfig(std::string("data_config: {new_data_path: new, validation_data: val.csv, min_new_samples: 500}\n"
                                  "validation_config: {metrics: [accuracy, f1]}\ntraining_config: ") +
                          training,
                      {});
  RETRAIN_ALWAYS(config.ok());
  return *config;
}

void Fill(World& world) {
  world.Write("new/a.csv", MakeCsv({.rows = 1200, .seed = 1}));
  world.Write("val.csv", MakeCsv({.rows = 600, .seed = 2}));
}

// Calls a hook before each stage.
struct Watcher final : pipeline::Observer {
  std::function<void(const PipelineRun&, State)> before_stage = [](const PipelineRun&, State) {};
  void OnStage(const PipelineRun& run, State next) override { before_stage(run, next); }
};

PipelineRun MustEnd(World& world, const pipeline::Config& config, pipeline::Observer& observer) {
  const auto run = world.pipeline().RunToEnd(config, {}, observer);
  RETRAIN_ALWAYS(run.ok());
  return *run;
}

TEST(Resume, AfterAnyStageTheSameArtifactAndTheSameVerdict) {
  World undisturbed;
  Fill(undisturbed);
  pipeline::Observer nobody;
  const PipelineRun expected = MustEnd(undisturbed, Config(), nobody);
  ASSERT_EQ(expected.state, State::kPromoted);
  const auto profile = undisturbed.home().registry().Get(expected.version)->profile;
  for (int stages = 0; stages < 4; ++stages) {
    World world;
    Fill(world);
    auto run = world.pipeline().Start(Config(), {}, nobody);
    ASSERT_TRUE(run.ok());
    for (int i = 0; i < stages; ++i) run = world.pipeline().Tick(*run, nobody);
    ASSERT_TRUE(run.ok());
    world.Restart();
    const PipelineRun resumed = MustEnd(world, Config(), nobody);
    EXPECT_EQ(resumed.id, expected.id);
    EXPECT_EQ(resumed.artifact, expected.artifact);
    EXPECT_EQ(world.home().registry().Get(resumed.version)->profile, profile);
    EXPECT_EQ(resumed.comparisons, expected.comparisons);
    EXPECT_EQ(resumed.reason, expected.reason);
    EXPECT_EQ(resumed.attempt, 2);
    EXPECT_TRUE(world.home().journal().Verify().ok());
  }
}

TEST(Resume, WhoLostTheRunCanWriteNoMore) {
  World world;
  Fill(world);
  pipeline::Observer nobody;
  auto mine = world.pipeline().Start(Config(), {}, nobody);
  ASSERT_TRUE(mine.ok());
  ASSERT_TRUE(world.pipeline().Start(Config(), {}, nobody).ok());  // somebody else takes it up
  const auto late = world.pipeline().Tick(*mine, nobody);
  ASSERT_FALSE(late.ok());
  EXPECT_EQ(late.error().code, "E0401");
}

TEST(Resume, AnInterruptedRunUnderAnotherConfigIsAbandonedAndANewOneBegins) {
  World world;
  Fill(world);
  pipeline::Observer nobody;
  ASSERT_TRUE(world.pipeline().Start(Config(), {}, nobody).ok());
  const PipelineRun run = MustEnd(world, Config("{epochs: 2, hidden: 8}"), nobody);
  EXPECT_EQ(run.id.value, 2);
  const auto first = world.home().runs().Get(RunId{1});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->state, State::kFailed);
  EXPECT_THAT(first->reason, ::testing::HasSubstr("the config changed"));
}

TEST(Resume, AChampionThatChangedSinceTheComparisonEndsTheRunAsSuperseded) {
  World world;
  Fill(world);
  pipeline::Observer nobody;
  ASSERT_EQ(MustEnd(world, Config(), nobody).state, State::kPromoted);
  world.Write("new/b.csv", MakeCsv({.rows = 3000, .seed = 3, .flipped = true}));
  world.Write("val.csv", MakeCsv({.rows = 600, .seed = 4, .flipped = true}));
  Watcher watcher;
  watcher.before_stage = [&](const PipelineRun& run, State next) {
    if (next != State::kPromoted) return;
    ASSERT_EQ(run.verdict, decide::Verdict::kPromote);
    const auto champion = world.home().registry().Find(registry::kChampion);
    ASSERT_TRUE(world.home()
                    .registry()
                    .Move({.name = "champion",
                           .to = run.version,
                           .who = "somebody",
                           .why = "in a hurry",
                           .at = world.clock().Now()},
                          (*champion)->epoch)
                    .ok());
  };
  const PipelineRun run = MustEnd(world, Config(), watcher);
  EXPECT_EQ(run.state, State::kSuperseded);
  EXPECT_THAT(run.reason, ::testing::HasSubstr("somebody"));
}

TEST(Resume, KeptDataThatBreakMidwayAreNamedAsTheyArrived) {
  World world;
  Fill(world);
  Watcher watcher;
  watcher.before_stage = [&](const PipelineRun& run, State next) {
    if (next != State::kValidated) return;
    world.Write(run.slice.judged.front().path, "a,b,c,y\n1,2,\"red,0\n");
  };
  const PipelineRun run = MustEnd(world, Config(), watcher);
  ASSERT_EQ(run.state, State::kFailed);
  EXPECT_THAT(run.reason, ::testing::StartsWith("val.csv"));
}

TEST(Resume, AWishToStopLeavesTheRunToGoOnWith) {
  World world;
  Fill(world);
  pipeline::Observer nobody;
  world.trainer().FailNext({.code = "E0403", .message = "stopped on request"});
  const auto stopped = world.pipeline().RunToEnd(Config(), {}, nobody);
  ASSERT_FALSE(stopped.ok());
  EXPECT_EQ(stopped.error().kind(), ErrorKind::kBusy);
  const PipelineRun run = MustEnd(world, Config(), nobody);
  EXPECT_EQ(run.id.value, 1);
  EXPECT_EQ(run.state, State::kPromoted);
}

TEST(Resume, AFullDiskIsAnErrorThatLosesNothing) {
  World world;
  Fill(world);
  pipeline::Observer nobody;
  world.disk().SetFaults({.space_bytes = 30'000});
  const auto full = world.pipeline().RunToEnd(Config(), {}, nobody);
  ASSERT_FALSE(full.ok());
  EXPECT_EQ(full.error().code, "E0506") << ToText(full.error());
  world.disk().SetFaults({});
  world.Restart();
  EXPECT_EQ(MustEnd(world, Config(), nobody).state, State::kPromoted);
  EXPECT_TRUE(world.home().database().CheckIntegrity().ok());
}

}  // namespace
}  // namespace retrain::scenario
