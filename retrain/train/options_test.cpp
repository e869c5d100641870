#include <gtest/gtest.h>

#include "retrain/train/trainer.h"

namespace retrain::train {
namespace {

TEST(TrainOptions, ComeBackFromTheirJson) {
  TrainOptions options{.model = "mlp",
                       .epochs = 3,
                       .learning_rate = 0.5,
                       .early_stopping = false,
                       .patience = 2,
                       .batch_size = 17,
                       .hidden = {5, 4, 3},
                       .one_hot_levels = 4,
                       .leaves = 9,
                       .dropout = 0.25,
                       .weight_decay = 0.125,
                       .replay_fraction = 0.5,
                       .replay_rows = 9,
                       .time_budget = std::chrono::seconds(60),
                       .seed = 11,
                       .threads = 2};
  const auto back = TrainOptionsFromJson(ToJson(options));
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, options);
  EXPECT_EQ(*TrainOptionsFromJson(Json::MakeObject()), TrainOptions{});
}

TEST(TrainJob, ComesBackFromItsJson) {
  TrainJob job;
  job.strategy = Strategy::kTransfer;
  job.contract.labels = {.task = data::Task::kBinary, .classes = {"no", "yes"}};
  job.contract.roles.target = "late";
  job.training = {{"a.parquet", 0, 10}, {"b.parquet", 5, -1}};
  job.stopping = {{"b.parquet", 0, 5}};
  job.base_artifact = "base";
  job.checkpoint = "checkpoint";
  const auto back = TrainJobFromJson(ToJson(job));
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_EQ(*back, job);
}

TEST(Strategy, IsFoundByItsNameOrItsNearestNameIsTold) {
  for (const auto strategy : {Strategy::kFull, Strategy::kIncremental, Strategy::kTransfer})
    EXPECT_EQ(*StrategyFromName(Name(strategy)), strategy);
  const auto slip = StrategyFromName("incrementel");
  ASSERT_FALSE(slip.ok());
  EXPECT_EQ(slip.error().code, "E0102");
  EXPECT_EQ(slip.error().hint, "write `incremental`");
}

}  // namespace
}  // namespace retrain::train
