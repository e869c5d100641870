#include "retrain/serve/predictor.h"

#include <gtest/gtest.h>

namespace retrain::serve {
namespace {

TEST(Predictor, ABinaryRowAtOneHalfIsPositive) {
  const model::Contract contract{.roles = {}, .labels = {.task = data::Task::kBinary, .classes = {"no", "yes"}}};
  const model::Predictions scores{.rows = 2, .outputs = 2, .values = {0.5, 0.5, 0.51, 0.49}};
  EXPECT_EQ(LabelOf(contract, scores, 0), "yes");
  EXPECT_EQ(LabelOf(contract, scores, 1), "no");
}

TEST(Predictor, OfManyClassesTheLargestWinsAndTheFirstOfEquals) {
  const model::Contract contract{.roles = {}, .labels = {.task = data::Task::kMulticlass, .classes = {"a", "b", "c"}}};
  const model::Predictions scores{.rows = 2, .outputs = 3, .values = {0.2, 0.5, 0.3, 0.4, 0.2, 0.4}};
  EXPECT_EQ(LabelOf(contract, scores, 0), "b");
  EXPECT_EQ(LabelOf(contract, scores, 1), "a");
}

TEST(Predictor, AValueIsWrittenAsItIs) {
  const model::Contract contract{.roles = {}, .labels = {.task = data::Task::kRegression, .classes = {}}};
  const model::Predictions scores{.rows = 1, .outputs = 1, .values = {2.5}};
  EXPECT_EQ(LabelOf(contract, scores, 0), "2.5");
}

}  // namespace
}  // namespace retrain::serve
