#include "retrain/pipeline/predictions.h"

#include <cmath>

#include <gmock/gmock.h>

#include "retrain/base/random.h"
#include "retrain/pipeline/importance.h"
#include "retrain/testing/table_memory.h"

namespace retrain::pipeline {
namespace {

using testing::FrameOf;
using ::testing::HasSubstr;

// 3a + b.
class Linear final : public model::Model {
 public:
  const model::Contract& contract() const override { return contract_; }
  Result<model::Predictions> Predict(const data::Frame& rows) const override {
    model::Predictions scores{.rows = rows.rows(), .outputs = 1};
    for (std::int64_t row = 0; row < rows.rows(); ++row)
      scores.values.push_back(3 * rows.Find("a")->numbers[row] + rows.Find("b")->numbers[row]);
    return scores;
  }

 private:
  model::Contract contract_{
      .roles = {.target = "y", .features = {{.name = "a"}, {.name = "b"}, {.name = "c"}}},
      .labels = {.task = data::Task::kRegression, .type = data::ColumnType::kNumber},
  };
};

data::Frame Normals(std::int64_t rows, double correlation, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> a, b, c;
  for (std::int64_t row = 0; row < rows; ++row) {
    a.push_back(rng.Normal());
    b.push_back(correlation * a.back() + std::sqrt(1 - correlation * correlation) * rng.Normal());
    c.push_back(rng.Normal());
  }
  return FrameOf(rows).Number("a", a).Number("b", b).Number("c", c).Build();
}

data::FrameColumns TableOf(const data::Frame& frame) { return {frame.schema(), {frame}}; }

TEST(Importance, IsTheShareOfTheVarianceThatALinearModelTakesFromAFeature) {
  const Linear linear;
  const auto rows = Normals(4'000, 0, 1);
  const auto targets = linear.Predict(rows)->values;
  const auto importance = ImportanceOf(linear, {rows, targets, {}}, 7);
  ASSERT_TRUE(importance.ok()) << ToText(importance.error());
  EXPECT_NEAR((*importance)[0], 0.9, 0.01) << "9 of 9 + 1";
  EXPECT_NEAR((*importance)[1], 0.1, 0.01);
  EXPECT_EQ((*importance)[2], 0);
  EXPECT_EQ(*ImportanceOf(linear, {rows, targets, {}}, 7), *importance);
}

TEST(Importance, IsNotKnownWhenNoFeatureHelps) {
  const Linear linear;
  const auto rows = FrameOf(3).Number("a", {1, 1, 1}).Number("b", {2, 2, 2}).Number("c", {0, 1, 2}).Build();
  const std::vector<double> targets = {1, 2, 3};
  EXPECT_TRUE(ImportanceOf(linear, {rows, targets, {}}, 7)->empty());
}

TEST(Importance, LooksAtFewerRowsOfWiderTables) {
  EXPECT_EQ(RowsForImportance(50), 4'000);
  EXPECT_EQ(RowsForImportance(100), 2'000);
  EXPECT_EQ(RowsForImportance(5'000), 200);
}

TEST(Predictions, AreOneColumnOfTwoClassesAndOneEachOfMore) {
  const auto names = [](data::Task task, std::vector<std::string> classes, const std::string& feature) {
    const model::Contract contract{.roles = {.features = {{.name = feature}}},
                                   .labels = {.task = task, .classes = std::move(classes)}};
    std::vector<std::string> found;
    for (const auto& column : PredictionColumns(contract)) found.push_back(column.name);
    return found;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names(data::Task::kRegression, {}, "x"), Names{"prediction"});
  EXPECT_EQ(names(data::Task::kBinary, {"no", "yes"}, "prediction"), Names{"prediction_"});
  EXPECT_EQ(names(data::Task::kMulticlass, {"a", "b", "c"}, "x"),
            (Names{"prediction:a", "prediction:b", "prediction:c"}));

  std::vector<data::NumberColumn> of_two = {{"prediction"}};
  Append({.rows = 2, .outputs = 2, .values = {0.9, 0.1, 0.3, 0.7}}, of_two);
  EXPECT_EQ(of_two[0].values, (std::vector<double>{0.1, 0.7})) << "of the second class";
}

class PredictionDrift : public ::testing::Test {
 protected:
  static drift::Profile Reference() {
    Serial serial;
    const Linear linear;
    const auto rows = Normals(4'000, 0, 1);
    auto profile = *drift::MakeProfile(TableOf(rows), {}, serial);
    auto scores = PredictionColumns(linear.contract());
    Append(*linear.Predict(rows), scores);
    auto counted = *drift::MakeProfile(data::NumberColumns(std::move(scores)), {}, serial);
    counted.columns[0].predicted = true;
    profile.columns.push_back(counted.columns[0]);
    return profile;
  }
  static drift::DriftReport Check(const data::Frame& now) {
    Serial serial;
    const auto detector = drift::DriftDetector::Make(Reference(), {.compare = {.threshold = 0.02}});
    const auto report = CheckWithModel(*detector, Linear(), TableOf(now), serial);
    RETRAIN_ALWAYS(report.ok());
    return *report;
  }
};

TEST_F(PredictionDrift, IsToldWhereNoColumnByItselfHasChanged) {
  const auto report = Check(Normals(4'000, 0.9, 2));
  EXPECT_EQ(report.sentence, "1 of 4 columns drifted: prediction");
  EXPECT_FALSE(Check(Normals(4'000, 0, 3)).drifted);
}

TEST_F(PredictionDrift, RowsThatTheModelCannotScoreAreComparedWithoutAndItIsSaid) {
  const auto report = Check(FrameOf(3).Number("a", {1, 2, 3}).Number("c", {1, 2, 3}).Build());
  EXPECT_EQ(report.Find("b")->outcome, drift::Outcome::kFailed);
  ASSERT_EQ(report.left_out.size(), 1U);
  EXPECT_EQ(report.left_out[0].name, "prediction");
  EXPECT_THAT(report.left_out[0].reason, HasSubstr("the model cannot score these rows: column `b` is not in"));
}

}  // namespace
}  // namespace retrain::pipeline
