#include "retrain/model/constant.h"

#include <vector>

#include <gtest/gtest.h>

namespace retrain::model {
namespace {

Contract Of(data::Task task, std::vector<std::string> classes) {
  Contract contract;
  contract.labels = {.task = task, .classes = std::move(classes)};
  contract.roles.target = "y";
  return contract;
}

const data::Frame kTwoRows{data::Schema{}, {}, 2, nullptr};

TEST(Constant, SaysTheSharesOfTheClasses) {
  const std::vector<double> targets = {0, 1, 1, 1};
  const auto loaded = LoadConstant(FitConstant(Of(data::Task::kBinary, {"no", "yes"}), targets));
  ASSERT_TRUE(loaded.ok());
  const auto said = (*loaded)->Predict(kTwoRows);
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said->values, (std::vector<double>{0.25, 0.75, 0.25, 0.75}));
}

TEST(Constant, SaysTheWeightedMean) {
  const std::vector<double> targets = {1, 5};
  const std::vector<double> weights = {3, 1};
  const auto loaded = LoadConstant(FitConstant(Of(data::Task::kRegression, {}), targets, weights));
  ASSERT_TRUE(loaded.ok());
  const auto said = (*loaded)->Predict(kTwoRows);
  ASSERT_TRUE(said.ok());
  EXPECT_EQ(said->outputs, 1);
  EXPECT_EQ(said->At(1, 0), 2.0);
}

TEST(Constant, ComesBackFromItsArtifact) {
  const std::vector<double> targets = {0, 2};
  const auto artifact = FitConstant(Of(data::Task::kMulticlass, {"a", "b", "c"}), targets);
  const auto back = Decode(Encode(artifact), "test");
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, artifact);
  EXPECT_TRUE(LoadModel(*back).ok());
}

TEST(Constant, IsRefusedWithoutAScoreForEachClass) {
  const std::vector<double> targets = {0, 1};
  auto artifact = FitConstant(Of(data::Task::kBinary, {"no", "yes"}), targets);
  artifact.contract.labels.classes.push_back("maybe");
  const auto loaded = LoadModel(artifact);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, "E0301");
}

}  // namespace
}  // namespace retrain::model
