#include "retrain/pipeline/unlabelled.h"

#include <cmath>
#include <numbers>

#include <gmock/gmock.h>

#include "retrain/base/random.h"
#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::pipeline {
namespace {

using data::Task;
using testing::FrameOf;
using ::testing::HasSubstr;
using testing::MemoryTable;

// A model that says what is true: the chance of each class, or the middle of the values. So what it will get right
// where labels are not known can be written out.
class Honest final : public model::Model {
 public:
  explicit Honest(Task task) {
    contract_.roles = {.target = "y", .features = {{"x"}, {"colour", data::ColumnType::kText}}};
    contract_.labels = {.task = task};
    if (task == Task::kBinary) contract_.labels.classes = {"0", "1"};
    if (task == Task::kMulticlass) contract_.labels.classes = {"0", "1", "2"};
  }
  const model::Contract& contract() const override { return contract_; }
  Result<model::Predictions> Predict(const data::Frame& rows) const override {
    const auto& x = rows.Find("x")->numbers;
    model::Predictions said{.rows = rows.rows(),
                            .outputs = std::max<std::int64_t>(1, std::ssize(contract_.labels.classes))};
    for (const double at : x) {
      for (std::int64_t output = 0; output < said.outputs; ++output) said.values.push_back(Say(at, output));
    }
    return said;
  }

  double Say(double x, std::int64_t output) const {
    if (contract_.labels.task == Task::kRegression) return 2 * x;
    const double second = 1 / (1 + std::exp(-3 * x));
    if (contract_.labels.task == Task::kBinary) return output == 1 ? second : 1 - second;
    return output == 0 ? (1 - second) / 2 : output == 1 ? second : (1 - second) / 2;
  }

 private:
  model::Contract contract_;
};

double Deviation(double x) { return 0.2 + std::abs(x); }  // of a value around the middle

data::Frame Rows(const Honest& model, std::int64_t count, std::uint64_t seed, double middle, double spread) {
  Rng rng(seed);
  std::vector<double> x, y;
  for (std::int64_t i = 0; i < count; ++i) {
    x.push_back(middle + spread * (2 * rng.Uniform() - 1));
    if (model.contract().labels.task == Task::kRegression) {
      y.push_back(model.Say(x.back(), 0) + Deviation(x.back()) * rng.Normal());
      continue;
    }
    double left = rng.Uniform();
    std::int64_t code = 0;
    while (code + 1 < std::ssize(model.contract().labels.classes) && left >= model.Say(x.back(), code))
      left -= model.Say(x.back(), code++);
    y.push_back(static_cast<double>(code));
  }
  std::vector<std::optional<std::string>> colour(static_cast<std::size_t>(count), "red");
  auto frame = FrameOf(count);
  frame.Number("x", x).Text("colour", colour);
  return model.contract().labels.task == Task::kRegression ? frame.Number("y", y).Build()
                                                           : frame.Integer("y", y).Build();
}

Result<UnlabelledEstimate> Estimate(const Honest& model, eval::Metric metric, const data::Frame& rows) {
  testing::SimDisk disk;
  const auto reference = Rows(model, 2'000, 1, 0, 1);
  const MemoryTable table(rows);
  return EstimateWithoutLabels(disk, metric, model, MemoryTable(reference), **table.Open(), 0.95);
}

// The mean over a uniform x of what `at` says, by the rectangle rule.
double Mean(double middle, double spread, const std::function<double(double)>& at) {
  constexpr int kSteps = 10'000;
  double sum = 0;
  for (int i = 0; i < kSteps; ++i) sum += at(middle + spread * (2 * (i + 0.5) / kSteps - 1));
  return sum / kSteps;
}

TEST(Unlabelled, SeesHarderRowsOfTwoClasses) {
  const Honest model(Task::kBinary);
  for (const auto& [middle, spread] : {std::pair(0.0, 1.0), std::pair(0.0, 0.2), std::pair(0.8, 0.2)}) {
    const auto estimate = Estimate(model, eval::Metric::kAccuracy, Rows(model, 1'000, 2, middle, spread));
    ASSERT_TRUE(estimate.ok()) << ToText(estimate.error());
    const double truth = Mean(middle, spread, [&](double x) { return std::max(model.Say(x, 0), model.Say(x, 1)); });
    EXPECT_NEAR(estimate->interval.value, truth, 4 * estimate->interval.error) << middle;
    EXPECT_LT(estimate->interval.error, 0.03);
    EXPECT_NEAR(estimate->interval.error, std::hypot(estimate->sampling_error, estimate->model_error), 1e-12);
    EXPECT_LT(estimate->interval.lower, estimate->interval.value);
    EXPECT_EQ(estimate->interval.n, 1'000);
    EXPECT_EQ(estimate->unlike, "");
  }
}

TEST(Unlabelled, SeesHarderRowsOfThreeClasses) {
  const Honest model(Task::kMulticlass);
  const auto estimate = Estimate(model, eval::Metric::kAccuracy, Rows(model, 1'000, 2, -0.3, 0.2));
  ASSERT_TRUE(estimate.ok()) << ToText(estimate.error());
  const double truth = Mean(-0.3, 0.2, [&](double x) { return std::max(model.Say(x, 0), model.Say(x, 1)); });
  EXPECT_NEAR(estimate->interval.value, truth, 4 * estimate->interval.error);
}

TEST(Unlabelled, SeesLargerLossesOfValues) {
  const Honest model(Task::kRegression);
  const double of_normal = std::sqrt(2 / std::numbers::pi);  // the mean of |z|
  for (const auto& [middle, spread] : {std::pair(0.0, 1.0), std::pair(0.0, 0.2), std::pair(0.8, 0.2)}) {
    const auto estimate = Estimate(model, eval::Metric::kMae, Rows(model, 1'000, 2, middle, spread));
    ASSERT_TRUE(estimate.ok()) << ToText(estimate.error());
    const double truth = of_normal * Mean(middle, spread, Deviation);
    EXPECT_NEAR(estimate->interval.value, truth, 4 * estimate->interval.error) << middle;
    EXPECT_LT(estimate->interval.error, 0.15);
    EXPECT_EQ(estimate->unlike, "");
  }
}

TEST(Unlabelled, IsTheSameEachTime) {
  const Honest model(Task::kRegression);
  const auto rows = Rows(model, 300, 2, 0, 1);
  EXPECT_EQ(*Estimate(model, eval::Metric::kRmse, rows), *Estimate(model, eval::Metric::kRmse, rows));
}

TEST(Unlabelled, SaysWhereRowsAreUnlikeTheReference) {
  for (const auto task : {Task::kBinary, Task::kRegression}) {
    const Honest model(task);
    const auto metric = task == Task::kBinary ? eval::Metric::kAccuracy : eval::Metric::kMae;
    const auto far = Estimate(model, metric, Rows(model, 500, 2, 1, 1));  // half of them beyond what is known
    ASSERT_TRUE(far.ok()) << ToText(far.error());
    EXPECT_EQ(far->unlike, "`x`");
    EXPECT_NEAR(far->unlike_share, 0.5, 0.1);
    auto blue = FrameOf(500).Number("x", std::vector<double>(500, 0.5));
    blue.Text("colour", std::vector<std::optional<std::string>>(500, "blue"));
    EXPECT_EQ(Estimate(model, metric, blue.Build())->unlike, "`colour`");
  }
}

TEST(Unlabelled, RefusesWhatItCannotEstimate) {
  const Honest model(Task::kBinary);
  const auto rows = Rows(model, 100, 2, 0, 1);
  const auto loss = Estimate(model, eval::Metric::kLogLoss, rows);
  ASSERT_FALSE(loss.ok());
  EXPECT_EQ(loss.error().code, "E0102");
  EXPECT_THAT(loss.error().hint, HasSubstr("accuracy, precision, recall, f1, roc_auc"));
  testing::SimDisk disk;
  const MemoryTable few(Rows(model, 19, 1, 0, 1));
  const auto short_of =
      EstimateWithoutLabels(disk, eval::Metric::kAccuracy, model, few, **MemoryTable(rows).Open(), 0.95);
  ASSERT_FALSE(short_of.ok());
  EXPECT_EQ(short_of.error().code, "E0214");
  EXPECT_EQ(EstimableMetrics(Task::kRegression), (std::vector<std::string>{"rmse", "mae"}));
  EXPECT_THAT(EstimableMetrics({}), ::testing::Contains("f1_macro"));
  EXPECT_THAT(EstimableMetrics(Task::kBinary), ::testing::Not(::testing::Contains("f1_macro")));
}

}  // namespace
}  // namespace retrain::pipeline
