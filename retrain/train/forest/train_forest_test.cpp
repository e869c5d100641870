#include "retrain/train/forest/train_forest.h"

#include <cmath>

#include <gmock/gmock.h>

#include "retrain/base/random.h"
#include "retrain/model/forest/forest_model.h"
#include "retrain/testing/fake_clock.h"
#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::train::forest {
namespace {

using testing::FrameOf;
using ::testing::HasSubstr;
using testing::MemoryTable;

const std::vector<std::string> kColours = {"red", "green", "blue", "white"};

model::Contract ContractFor(data::Task task, std::vector<std::string> classes) {
  model::Contract contract;
  contract.labels = {.task = task, .classes = std::move(classes)};
  contract.roles.target = "y";
  contract.roles.features = {
      {"a", data::ColumnType::kNumber}, {"colour", data::ColumnType::kText}, {"b", data::ColumnType::kNumber}};
  return contract;
}

using Label = std::function<double(double, double, std::size_t)>;

data::Frame Rows(std::int64_t count, std::uint64_t seed, const Label& label, double least_a = -10) {
  Rng rng(seed);
  std::vector<double> a, b, y;
  std::vector<std::optional<std::string>> colour;
  for (std::int64_t i = 0; i < count; ++i) {
    a.push_back(std::max(rng.Normal(), least_a));
    b.push_back(rng.Normal());
    const auto c = rng.Below(kColours.size());
    colour.push_back(kColours[c]);
    y.push_back(label(a.back(), b.back(), c));
    if (rng.Below(20) == 0) colour.back() = {};
  }
  return FrameOf(count).Number("a", a).Text("colour", colour).Number("b", b).Number("y", y).Build();
}

double Xor(double a, double b, std::size_t) { return (a > 0) != (b > 0) ? 1 : 0; }
double Reversed(double a, double b, std::size_t c) { return 1 - Xor(a, b, c); }
double Three(double a, double, std::size_t colour) { return colour == 0 ? 0 : a > 0 ? 1 : 2; }
double Value(double a, double b, std::size_t colour) { return 100 + a * b + static_cast<double>(colour); }

struct Kind {
  std::string name;
  data::Task task;
  std::vector<std::string> classes;
  Label label;
};

const Kind kBinary{"binary", data::Task::kBinary, {"0", "1"}, Xor};
const std::vector<Kind> kKinds = {kBinary,
                                  {"multiclass", data::Task::kMulticlass, {"0", "1", "2"}, Three},
                                  {"regression", data::Task::kRegression, {}, Value}};

TrainJob Job(std::string_view library, Strategy strategy = Strategy::kFull, const Kind& kind = kBinary) {
  TrainJob job;
  job.strategy = strategy;
  job.options = DefaultsFor(library);
  job.contract = ContractFor(kind.task, kind.classes);
  return job;
}

Result<TrainOutcome> Train(const TrainJob& job, const data::Frame& rows, const data::Frame& stopping,
                           const std::string* base = nullptr, const OnProgress& on_progress = nullptr) {
  testing::SimDisk disk;
  testing::FakeClock clock;
  Serial serial;
  std::optional<model::Artifact> artifact;
  if (base) {
    TRY(artifact, model::Decode(*base, "base"));
  }
  return TrainForest(job, artifact ? &*artifact : nullptr, MemoryTable(rows), MemoryTable(stopping),
                     {disk, clock, serial}, on_progress);
}

std::string Must(const Result<TrainOutcome>& outcome) {
  EXPECT_TRUE(outcome.ok()) << ToText(outcome.error());
  return outcome.ok() ? outcome->artifact : std::string();
}

// Share of right classes, or of values within 0.5.
double Right(const std::string& artifact, const data::Frame& rows) {
  const auto loaded = model::LoadModel(*model::Decode(artifact, "test"));
  EXPECT_TRUE(loaded.ok()) << ToText(loaded.error());
  const auto said = (*loaded)->Predict(rows);
  EXPECT_TRUE(said.ok()) << ToText(said.error());
  const auto& y = rows.Find("y")->numbers;
  double right = 0;
  for (std::int64_t row = 0; row < said->rows; ++row) {
    const double* of_row = &said->values[row * said->outputs];
    const auto best = std::max_element(of_row, of_row + said->outputs) - of_row;
    right += said->outputs == 1 ? std::abs(of_row[0] - y[row]) < 0.5 : static_cast<double>(best) == y[row];
  }
  return right / static_cast<double>(said->rows);
}

class EachLibrary : public ::testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Trees, EachLibrary, ::testing::Values("lightgbm", "xgboost"),
                         [](const auto& which) { return which.param; });

TEST_P(EachLibrary, LearnsClassesManyClassesAndValues) {
  for (const auto& kind : kKinds) {
    const auto artifact =
        Must(Train(Job(GetParam(), Strategy::kFull, kind), Rows(3000, 1, kind.label), Rows(500, 2, kind.label)));
    EXPECT_GT(Right(artifact, Rows(1000, 3, kind.label)), 0.9) << kind.name;
  }
}

TEST_P(EachLibrary, GivesTheSameBytesForTheSameJob) {
  const auto rows = Rows(800, 1, Xor), stopping = Rows(200, 2, Xor);
  auto job = Job(GetParam());
  const auto once = Must(Train(job, rows, stopping));
  if (GetParam() == "lightgbm") job.options.threads = 2;
  EXPECT_EQ(Must(Train(job, rows, stopping)), once);
}

TEST_P(EachLibrary, StopsWhereTheStoppingRowsArePredictedBest) {
  auto job = Job(GetParam());
  job.options.patience = 5;
  std::vector<double> losses;
  Rng rng(3);
  const Label noisy = [&](double a, double b, std::size_t colour) { return rng.Below(4) == 0 ? 1 : Xor(a, b, colour); };
  const auto outcome = Train(job, Rows(300, 1, noisy), Rows(300, 2, noisy), nullptr, [&](const Progress& progress) {
    losses.push_back(progress.stopping_loss);
    return true;
  });
  ASSERT_TRUE(outcome.ok()) << ToText(outcome.error());
  const auto best = std::min_element(losses.begin(), losses.end());
  EXPECT_EQ(outcome->best_epoch, best - losses.begin() + 1);
  EXPECT_DOUBLE_EQ(outcome->best_loss, *best);
  EXPECT_EQ(static_cast<int>(losses.size()), outcome->best_epoch + 5);
  const auto artifact = model::Decode(outcome->artifact, "test");
  EXPECT_EQ(artifact->info["trees"].AsInt(), outcome->best_epoch);
}

TEST_P(EachLibrary, RenewsItsLeavesWhenTheWorldTurnsAround) {
  for (const auto& kind : kKinds) {
    const auto base =
        Must(Train(Job(GetParam(), Strategy::kFull, kind), Rows(2000, 1, kind.label), Rows(400, 2, kind.label)));
    const Label turned = [&](double a, double b, std::size_t colour) { return kind.label(-a, b, colour); };
    const auto renewed =
        Train(Job(GetParam(), Strategy::kIncremental, kind), Rows(2000, 3, turned), Rows(400, 4, turned), &base);
    ASSERT_TRUE(renewed.ok()) << ToText(renewed.error());
    EXPECT_GT(renewed->best_epoch, 0) << kind.name;
    const auto test = Rows(1000, 5, turned);
    EXPECT_GT(Right(renewed->artifact, test), Right(base, test) + 0.1) << kind.name;
  }
}

TEST_P(EachLibrary, KeepsTheBaseWhenNewLeavesPredictWorse) {
  const auto base = Must(Train(Job(GetParam()), Rows(2000, 1, Xor), Rows(400, 2, Xor)));
  const auto outcome = Train(Job(GetParam(), Strategy::kIncremental), Rows(500, 3, Reversed), Rows(400, 4, Xor), &base);
  ASSERT_TRUE(outcome.ok()) << ToText(outcome.error());
  EXPECT_EQ(outcome->best_epoch, 0);
  EXPECT_EQ(model::Decode(outcome->artifact, "new")->sections.at("forest"),
            model::Decode(base, "base")->sections.at("forest"));
}

TEST_P(EachLibrary, LeavesThatNoNewRowReachesKeepTheirValue) {
  const auto base = Must(Train(Job(GetParam()), Rows(2000, 1, Xor), Rows(400, 2, Xor)));
  const auto outcome =
      Train(Job(GetParam(), Strategy::kIncremental), Rows(1000, 3, Xor, 0.1), Rows(400, 4, Xor, 0.1), &base);
  ASSERT_TRUE(outcome.ok()) << ToText(outcome.error());
  EXPECT_GT(Right(outcome->artifact, Rows(1000, 5, Xor)), 0.9) << "the half without new rows was forgotten";
}

TEST_P(EachLibrary, RefusesABaseThatItCannotGoOnFrom) {
  const auto rows = Rows(500, 1, Xor);
  const auto base = Must(Train(Job(GetParam()), rows, rows));
  struct Case {
    std::string name;
    std::function<void(TrainJob&)> change;
    std::string said;
  };
  const std::vector<Case> cases = {
      {"an inserted column",
       [](TrainJob& job) { job.contract.roles.features.insert(job.contract.roles.features.begin(), {"z"}); },
       "does not know z"},
      {"a column that is gone", [](TrainJob& job) { job.contract.roles.features.pop_back(); }, "reads b"},
      {"a new class", [](TrainJob& job) { job.contract.labels = {data::Task::kMulticlass, {"0", "1", "2"}}; },
       "the champion's task is binary"},
      {"the other library",
       [](TrainJob& job) { job.options.model = job.options.model == "xgboost" ? "lightgbm" : "xgboost"; },
       "of the family"}};
  for (const auto& c : cases) {
    auto job = Job(GetParam(), Strategy::kIncremental);
    c.change(job);
    const auto outcome = Train(job, rows, rows, &base);
    ASSERT_FALSE(outcome.ok()) << c.name;
    EXPECT_EQ(outcome.error().code, "E0307") << c.name;
    EXPECT_THAT(outcome.error().message, HasSubstr(c.said)) << c.name;
  }
  EXPECT_EQ(Train(Job(GetParam(), Strategy::kIncremental), rows, rows).error().code, "E0307");
}

TEST_P(EachLibrary, AWishToStopEndsTheTraining) {
  const auto rows = Rows(300, 1, Xor);
  const auto outcome = Train(Job(GetParam()), rows, rows, nullptr, [](const Progress&) { return false; });
  ASSERT_FALSE(outcome.ok());
  EXPECT_THAT(outcome.error().message, HasSubstr("stopped after round 1"));
}

}  // namespace
}  // namespace retrain::train::forest
