// What drift is held against stands with the version: made once, and read instead of the rows that it was made from.
#include <gmock/gmock.h>

#include "retrain/app/config/read_config.h"
#include "retrain/drift/profile.h"
#include "retrain/pipeline/reference.h"
#include "world.h"

namespace retrain::scenario {
namespace {

using ::testing::HasSubstr;

pipeline::Config Config() {
  const auto config = app::ReadConfig(
      "data_config: {new_data_path: new, validation_data: val.csv, min_new_samples: 500}\n"
      "training_config: {epochs: 30, hidden: 16, learning_rate: 0.02}\n"
      "triggers: [{type: drift_detected}]",
      {});
  RETRAIN_ALWAYS(config.ok());
  return *config;
}

pipeline::Run TrainOn(World& world, const TableSpec& rows) {
  world.Write("new/a.csv", MakeCsv(rows));
  world.Write("val.csv", MakeCsv({.rows = 600, .seed = 2}));
  pipeline::Observer nobody;
  auto run = world.pipeline().RunToEnd(Config(), {}, nobody);
  RETRAIN_ALWAYS(run.ok());
  return std::move(run).value();
}

std::string DriftNow(World& world) {
  const auto look = world.pipeline().Watch(Config());
  return look.ok() ? look->answer.triggers.at(0).decision.reason : ToText(look.error());
}

TEST(Reference, OfAPromotedVersionIsKeptWithItAndItsTrainingRowsAreNotReadAgain) {
  World world;
  const auto run = TrainOn(world, {.rows = 1200, .seed = 1});
  ASSERT_EQ(run.state, pipeline::State::kPromoted);
  const auto version = world.home().registry().Get(run.version);
  ASSERT_TRUE(version.ok());
  const auto kept = world.home().artifacts().Read(version->profile);
  ASSERT_TRUE(kept.ok()) << ToText(kept.error());
  const auto model = model::LoadModel(*world.home().registry().LoadArtifact(run.version));
  const auto made = pipeline::MakeReference(world.disk(), run, **model);
  ASSERT_TRUE(made.ok());
  EXPECT_EQ(*kept, drift::ProfileToBytes(*made));
  EXPECT_EQ(made->rows, 1020) << "the rows of early stopping are not among them";
  EXPECT_EQ(made->Find("prediction")->tally.rows(), 180) << "they are what it was not taught";
  EXPECT_GT(*made->Find("a")->importance, *made->Find("b")->importance) << "y follows 2a - b";
  EXPECT_GT(*made->Find("b")->importance, 10 * *made->Find("c")->importance);

  world.Write("new/b.csv", MakeCsv({.rows = 800, .seed = 4, .b_scaled = 1000}));
  ASSERT_TRUE(world.disk().Unlink(run.slice.training.front().path).ok());
  EXPECT_THAT(DriftNow(world), HasSubstr("in column `b`"));
}

TEST(Reference, OfAVersionThatCameWithoutOneIsMadeWhenItIsNeededAndKept) {
  World world;
  const auto run = TrainOn(world, {.rows = 1200, .seed = 1, .flipped = true});  // the validation rows refuse it
  ASSERT_EQ(run.state, pipeline::State::kKept);
  EXPECT_EQ(world.home().registry().Get(run.version)->profile, "");
  ASSERT_TRUE(world.pipeline().Promote(run.version, "somebody", "all the same").ok());
  world.Write("new/b.csv", MakeCsv({.rows = 800, .seed = 4}));
  EXPECT_THAT(DriftNow(world), HasSubstr("0 of 4 columns drifted"));
  const auto kept = world.home().registry().Get(run.version)->profile;
  const auto model = model::LoadModel(*world.home().registry().LoadArtifact(run.version));
  EXPECT_EQ(*world.home().artifacts().Read(kept),
            drift::ProfileToBytes(*pipeline::MakeReference(world.disk(), run, **model)));
}

}  // namespace
}  // namespace retrain::scenario
