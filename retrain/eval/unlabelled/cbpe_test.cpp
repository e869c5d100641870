#include "retrain/eval/unlabelled/cbpe.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/eval/unlabelled/dle.h"

namespace retrain::eval {
namespace {

using ::testing::HasSubstr;

// Rows whose score is too sure of itself: the chance of class 1 is 0.3 + 0.4 score.
struct World {
  ScoredRows rows;
  std::vector<std::int32_t> truth;
  double accuracy = 0;  // expected, given the scores
};
double ChanceOf(double score) { return 0.3 + 0.4 * score; }
World Draw(std::size_t count, double lowest, double highest, Rng& rng) {
  World world;
  for (std::size_t row = 0; row < count; ++row) {
    const double score = lowest + (highest - lowest) * rng.Uniform();
    const double chance = ChanceOf(score);
    world.rows.scores.push_back(score);
    world.rows.predicted.push_back(score >= 0.5 ? 1 : 0);
    world.truth.push_back(rng.Uniform() < chance ? 1 : 0);
    world.accuracy += (score >= 0.5 ? chance : 1 - chance) / static_cast<double>(count);
  }
  return world;
}

// With few labelled rows the curve is wrong by more than what sampling explains: the narrow band of a large table
// misses the true expected accuracy, the wide one holds it.
TEST(Cbpe, WideBandHoldsTheTruthWhereTheNarrowOneDoesNot) {
  constexpr int kWorlds = 40;
  Rng rng(12);
  int narrow = 0;
  int wide = 0;
  for (int i = 0; i < kWorlds; ++i) {
    const World reference = Draw(250, 0, 1, rng);
    const World table = Draw(8000, 0.3, 1, rng);
    const auto cbpe = Cbpe::Fit(reference.rows, reference.truth, {.refits = 25});
    ASSERT_TRUE(cbpe.ok());
    const auto report = cbpe->Estimate(table.rows);
    ASSERT_TRUE(report.ok());
    const auto* accuracy = report->Find(UnlabelledMetric::kAccuracy);
    ASSERT_NE(accuracy, nullptr);
    narrow += accuracy->narrow_lower <= table.accuracy && table.accuracy <= accuracy->narrow_upper ? 1 : 0;
    wide += accuracy->lower <= table.accuracy && table.accuracy <= accuracy->upper ? 1 : 0;
  }
  EXPECT_LT(narrow, kWorlds * 3 / 4) << "the case would show nothing";
  EXPECT_GE(wide, kWorlds - 2);
}

TEST(Cbpe, SaysWhenScoresLieWhereTheReferenceHasHardlyAny) {
  Rng rng(5);
  const World reference = Draw(1000, 0, 0.6, rng);
  const auto cbpe = Cbpe::Fit(reference.rows, reference.truth, {.refits = 5});
  ASSERT_TRUE(cbpe.ok());
  const auto inside = cbpe->Estimate(Draw(500, 0.1, 0.6, rng).rows);
  EXPECT_EQ(inside->unsupported_share, 0);
  EXPECT_FALSE(inside->unsupported);
  const auto beyond = cbpe->Estimate(Draw(2000, 0.1, 1, rng).rows);
  EXPECT_NEAR(beyond->unsupported_share, 0.4, 0.05) << "scores above 0.65 of those from 0.1 to 1";
  EXPECT_TRUE(beyond->unsupported);
}

TEST(Cbpe, FindsALowerPerformanceOnHarderRows) {
  Rng rng(9);
  const World reference = Draw(30000, 0, 1, rng);
  const auto cbpe = Cbpe::Fit(reference.rows, reference.truth, {.refits = 10});
  const auto harder = cbpe->Estimate(Draw(5000, 0.45, 0.55, rng).rows);
  const auto* accuracy = harder->Find(UnlabelledMetric::kAccuracy);
  EXPECT_NEAR(accuracy->value, 0.51, 0.02);
  EXPECT_TRUE(accuracy->alarm);
  EXPECT_TRUE(accuracy->sure_alarm);
  const auto same = cbpe->Estimate(Draw(5000, 0, 1, rng).rows);
  EXPECT_FALSE(same->Find(UnlabelledMetric::kAccuracy)->alarm);
}

TEST(Cbpe, GivesTheSameNumbersForTheSameSeed) {
  Rng rng(1);
  const World reference = Draw(400, 0, 1, rng);
  const World table = Draw(300, 0, 1, rng);
  const auto once = Cbpe::Fit(reference.rows, reference.truth, {.refits = 8})->Estimate(table.rows);
  EXPECT_EQ(*once, *Cbpe::Fit(reference.rows, reference.truth, {.refits = 8})->Estimate(table.rows));
}

TEST(Cbpe, RefusesWhatItCannotLearnFrom) {
  Rng rng(2);
  World few = Draw(19, 0, 1, rng);
  EXPECT_EQ(Cbpe::Fit(few.rows, few.truth).error().code, "E0214");
  World one_class = Draw(100, 0, 1, rng);
  std::fill(one_class.truth.begin(), one_class.truth.end(), 0);
  EXPECT_THAT(Cbpe::Fit(one_class.rows, one_class.truth).error().message, HasSubstr("class 1 never occurs"));
  World broken = Draw(100, 0, 1, rng);
  broken.rows.scores[17] = std::nan("");
  const Error error = Cbpe::Fit(broken.rows, broken.truth).error();
  EXPECT_EQ(error.code, "E0308");
  EXPECT_EQ(error.where.row, 17);
}

// Losses whose regressor believes them to be a third smaller than they are: its error shows on the held-out rows.
TEST(DirectLoss, WidensItsBandByWhatItsModelMissedOnHeldOutRows) {
  Rng rng(3);
  std::vector<double> truth;
  std::vector<double> said;
  std::vector<double> held_out;
  for (int row = 0; row < 2000; ++row) {
    truth.push_back(1 + rng.Uniform() * 4);
    said.push_back(3);
    held_out.push_back(2.0 / 3 * RowLoss(LossMetric::kMae, truth.back(), 3));
  }
  const auto blind = DirectLoss::Fit(LossMetric::kMae, truth, said);
  const auto honest = DirectLoss::Fit(LossMetric::kMae, truth, said, held_out);
  const auto narrow = blind->Estimate(held_out);
  const auto wide = honest->Estimate(held_out);
  EXPECT_EQ(narrow->value, wide->value);
  EXPECT_LT(narrow->upper, 1) << "the true mean absolute error is 1";
  EXPECT_GT(wide->upper, 1);
  EXPECT_NEAR(wide->model_error, 1.0 / 3, 0.02);
}

TEST(DirectLoss, RefusesRowsWithoutALoss) {
  const std::vector<double> truth(30, -2);
  const std::vector<double> said(30, 1);
  EXPECT_EQ(DirectLoss::Fit(LossMetric::kMsle, truth, said).error().code, "E0308") << "no logarithm of -1";
  EXPECT_EQ(DirectLoss::Fit(LossMetric::kMae, std::span(truth).first(5), std::span(said).first(5)).error().code,
            "E0214");
  EXPECT_EQ(DirectLoss::Fit(LossMetric::kMae, truth, said)->Estimate({}).error().code, "E0214");
}

}  // namespace
}  // namespace retrain::eval
