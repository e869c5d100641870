#include "retrain/train/mlp/train_mlp.h"

#include <cmath>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/model/mlp/kernel_loader.h"
#include "retrain/model/mlp/mlp_model.h"
#include "retrain/testing/fake_clock.h"
#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::train::mlp {
namespace {

using testing::FrameOf;
using testing::MemoryTable;

// Runs the parts last to first: whoever depends on their order is found out.
class Backwards final : public Parallel {
 public:
  int threads() const override { return 3; }
  void For(int parts, const std::function<void(int)>& body) override {
    for (int part = parts - 1; part >= 0; --part) body(part);
  }
};

const std::vector<std::string> kColours = {"red", "green", "blue", "white"};

model::Contract ContractFor(data::Task task, std::vector<std::string> classes) {
  model::Contract contract;
  contract.labels = {.task = task, .classes = std::move(classes)};
  contract.roles.target = "y";
  contract.roles.features = {
      {"a", data::ColumnType::kNumber}, {"b", data::ColumnType::kNumber}, {"colour", data::ColumnType::kText}};
  return contract;
}

const model::Contract kBinary = ContractFor(data::Task::kBinary, {"0", "1"});

enum class Half { kBoth, kLeft, kRight };  // of a: below 0, above 0

// Rows whose label follows from a, b and the colour by `label`.
data::Frame Rows(std::int64_t count, std::uint64_t seed,
                 const std::function<double(double, double, std::size_t)>& label, Half half = Half::kBoth) {
  Rng rng(seed);
  std::vector<double> a, b, y;
  std::vector<std::optional<std::string>> colour;
  for (std::int64_t i = 0; i < count; ++i) {
    a.push_back(rng.Normal());
    if (half != Half::kBoth) a.back() = half == Half::kLeft ? -std::abs(a.back()) : std::abs(a.back());
    b.push_back(rng.Normal());
    const auto c = rng.Below(kColours.size());
    colour.push_back(kColours[c]);
    y.push_back(label(a.back(), b.back(), c));
    if (rng.Below(20) == 0) a.back() = testing::kNullNumber;
    if (rng.Below(20) == 0) colour.back() = {};
  }
  return FrameOf(count).Number("a", a).Number("b", b).Text("colour", colour).Number("y", y).Build();
}

double Xor(double a, double b, std::size_t) { return (a > 0) != (b > 0) ? 1 : 0; }
double Reversed(double a, double b, std::size_t colour) { return 1 - Xor(a, b, colour); }

// One training after another on a disk and a clock of its own.
class Workshop {
 public:
  explicit Workshop(Parallel& parallel = serial()) : parallel_(parallel) {}

  Result<TrainOutcome> Train(const TrainJob& job, const data::Frame& rows, const data::Frame& stopping,
                             const std::string* base = nullptr, const OnProgress& on_progress = nullptr) {
    std::optional<model::Artifact> artifact;
    if (base) {
      TRY(artifact, model::Decode(*base, "base"));
    }
    return TrainMlp(job, artifact ? &*artifact : nullptr, MemoryTable(rows), MemoryTable(stopping),
                    model::mlp::BestKernels(), {disk_, clock_, parallel_}, on_progress);
  }

  static Serial& serial() {
    static Serial serial;
    return serial;
  }

  testing::SimDisk disk_;

 private:
  testing::FakeClock clock_;
  Parallel& parallel_;
};

TrainJob Job(Strategy strategy = Strategy::kFull, const model::Contract& contract = kBinary) {
  TrainJob job{.strategy = strategy,
               .options = {},
               .contract = contract,
               .training = {},
               .stopping = {},
               .base_artifact = "",
               .checkpoint = ""};
  job.options.hidden = {32, 16};
  job.options.epochs = 8;
  job.options.learning_rate = 0.01;
  job.options.replay_rows = 500;
  return job;
}

model::Predictions Predict(const std::string& artifact, const data::Frame& rows) {
  const auto decoded = model::Decode(artifact, "test");
  const auto loaded = model::LoadModel(*decoded);
  EXPECT_TRUE(loaded.ok()) << ToText(loaded.error());
  auto predictions = (*loaded)->Predict(rows);
  EXPECT_TRUE(predictions.ok()) << ToText(predictions.error());
  return *predictions;
}

double Accuracy(const std::string& artifact, const data::Frame& rows) {
  const auto said = Predict(artifact, rows);
  const auto& y = rows.Find("y")->numbers;
  std::int64_t right = 0;
  for (std::int64_t row = 0; row < said.rows; ++row) {
    std::int64_t best = 0;
    for (std::int64_t c = 1; c < said.outputs; ++c) best = said.At(row, c) > said.At(row, best) ? c : best;
    right += static_cast<double>(best) == y[row] ? 1 : 0;
  }
  return static_cast<double>(right) / static_cast<double>(said.rows);
}

std::string Must(const Result<TrainOutcome>& outcome) {
  EXPECT_TRUE(outcome.ok()) << ToText(outcome.error());
  return outcome.ok() ? outcome->artifact : std::string();
}

TEST(TrainMlp, LearnsWhatNoLineSeparates) {
  const auto artifact = Must(Workshop().Train(Job(), Rows(4000, 1, Xor), Rows(500, 2, Xor)));
  EXPECT_GT(Accuracy(artifact, Rows(1000, 3, Xor)), 0.93);  // 2.5 % of the rows lack the sign of a
}

TEST(TrainMlp, LearnsManyClassesAndACategory) {
  const auto label = [](double a, double, std::size_t colour) { return colour == 0 ? 0.0 : a > 0 ? 1.0 : 2.0; };
  const auto contract = ContractFor(data::Task::kMulticlass, {"0", "1", "2"});
  const auto artifact =
      Must(Workshop().Train(Job(Strategy::kFull, contract), Rows(4000, 1, label), Rows(500, 2, label)));
  const auto rows = Rows(1000, 3, label);
  EXPECT_GT(Accuracy(artifact, rows), 0.9);
  const auto said = Predict(artifact, rows);
  for (std::int64_t row = 0; row < said.rows; ++row)
    ASSERT_NEAR(said.At(row, 0) + said.At(row, 1) + said.At(row, 2), 1, 1e-9);
}

TEST(TrainMlp, LearnsValuesAndStaysWithinThoseItHasSeen) {
  const auto label = [](double a, double b, std::size_t) { return 1000 + 50 * a * b; };
  const auto contract = ContractFor(data::Task::kRegression, {});
  auto job = Job(Strategy::kFull, contract);
  job.options.epochs = 20;
  const auto training = Rows(4000, 1, label), rows = Rows(1000, 3, label);
  const auto artifact = Must(Workshop().Train(job, training, Rows(500, 2, label)));
  const auto said = Predict(artifact, rows);
  const auto& y = rows.Find("y")->numbers;
  double error = 0, spread = 0;
  for (std::int64_t row = 0; row < said.rows; ++row) {
    error += std::pow(said.At(row, 0) - y[row], 2);
    spread += std::pow(y[row] - 1000, 2);
  }
  EXPECT_LT(error, 0.2 * spread);  // R² above 0.8
  const auto far = Predict(artifact, FrameOf(1).Number("a", {1e9}).Number("b", {1e9}).Text("colour", {"red"}).Build());
  const auto& seen = training.Find("y")->numbers;
  EXPECT_LE(far.At(0, 0), *std::max_element(seen.begin(), seen.end()));
}

TEST(TrainMlp, GivesTheSameBytesWithAnyThreadsAndEveryTime) {
  auto job = Job();
  job.options.dropout = 0.1;
  job.options.batch_size = 512;  // four shards
  const auto rows = Rows(2000, 1, Xor), stopping = Rows(300, 2, Xor);
  const auto once = Must(Workshop().Train(job, rows, stopping));
  EXPECT_EQ(Must(Workshop().Train(job, rows, stopping)), once);
  Backwards backwards;
  job.options.threads = 3;
  EXPECT_EQ(Must(Workshop(backwards).Train(job, rows, stopping)), once);
  job.options.seed = 8;
  EXPECT_NE(Must(Workshop().Train(job, rows, stopping)), once);
}

TEST(TrainMlp, GoesOnAfterAnyEpochToTheSameBytes) {
  const auto rows = Rows(1500, 1, Xor), stopping = Rows(300, 2, Xor), later = Rows(700, 4, Reversed);
  const auto base = Must(Workshop().Train(Job(), rows, stopping));
  for (const auto strategy : {Strategy::kFull, Strategy::kIncremental}) {
    auto job = Job(strategy);
    const auto undisturbed = Must(Workshop().Train(job, later, stopping, &base));
    job.checkpoint = "checkpoint";
    for (int stop = 1; stop < job.options.epochs; ++stop) {
      Workshop workshop;
      const auto stopped = workshop.Train(job, later, stopping, &base,
                                          [stop](const Progress& progress) { return progress.epoch < stop; });
      if (stopped.ok()) break;  // early stopping came first
      EXPECT_EQ(stopped.error().code, "E0303");
      std::vector<int> epochs;
      const auto resumed = workshop.Train(job, later, stopping, &base, [&epochs](const Progress& progress) {
        epochs.push_back(progress.epoch);
        return true;
      });
      EXPECT_EQ(Must(resumed), undisturbed) << Name(strategy) << " stopped after epoch " << stop;
      if (!epochs.empty()) {
        EXPECT_EQ(epochs.front(), stop + 1) << "it began anew";
      }
    }
  }
}

TEST(TrainMlp, BeginsAnewWithACheckpointThatIsDamagedOrOfAnotherJob) {
  const auto rows = Rows(800, 1, Xor), stopping = Rows(200, 2, Xor);
  auto job = Job();
  const auto undisturbed = Must(Workshop().Train(job, rows, stopping));
  job.checkpoint = "checkpoint";
  Workshop damaged;
  ASSERT_TRUE(WriteFileDurably(damaged.disk_, "checkpoint", "not a checkpoint").ok());
  EXPECT_EQ(Must(damaged.Train(job, rows, stopping)), undisturbed);
  Workshop foreign;
  auto other = job;
  other.options.learning_rate = 0.02;
  ASSERT_TRUE(foreign.Train(other, rows, stopping).ok());
  EXPECT_EQ(Must(foreign.Train(job, rows, stopping)), undisturbed);
}

TEST(TrainMlp, IncrementalLearnsTheNewFromWhereTheBaseStood) {
  const auto red_flips = [](double a, double b, std::size_t colour) {
    return colour == 0 ? Reversed(a, b, colour) : Xor(a, b, colour);
  };
  const auto base = Must(Workshop().Train(Job(), Rows(4000, 1, Xor), Rows(500, 2, Xor)));
  const std::string kept(base.data(), base.size());
  const auto updated =
      Must(Workshop().Train(Job(Strategy::kIncremental), Rows(2000, 5, red_flips), Rows(400, 6, red_flips), &base));
  EXPECT_EQ(base, kept);
  EXPECT_GT(Accuracy(updated, Rows(1000, 7, red_flips)), Accuracy(base, Rows(1000, 7, red_flips)) + 0.05);
  const auto before = model::Decode(base, "base")->info, after = model::Decode(updated, "updated")->info;
  EXPECT_EQ(after["updates"].AsInt(), 1);
  EXPECT_EQ(after["rows_ever"].AsInt(), 6000);
  EXPECT_GT(after["steps"].AsInt(), before["steps"].AsInt());
}

// The sign of b tells the label, whatever a is; then new rows say the contrary, but only where a is positive.
TEST(TrainMlp, ReplayKeepsTheOldInMind) {
  const auto above = [](double, double b, std::size_t) { return b > 0 ? 1.0 : 0.0; };
  const auto below = [](double, double b, std::size_t) { return b > 0 ? 0.0 : 1.0; };
  const auto base = Must(Workshop().Train(Job(), Rows(4000, 1, above), Rows(500, 2, above)));
  const auto rows = Rows(2000, 5, below, Half::kRight), stopping = Rows(400, 6, below, Half::kRight);
  const auto left = Rows(1000, 3, above, Half::kLeft);
  auto job = Job(Strategy::kIncremental);
  job.options.epochs = 40;
  const auto with = Must(Workshop().Train(job, rows, stopping, &base));
  job.options.replay_fraction = 0;
  const auto without = Must(Workshop().Train(job, rows, stopping, &base));
  EXPECT_GT(Accuracy(with, left), Accuracy(without, left) + 0.1);
}

TEST(TrainMlp, IncrementalKeepsTheBaseWhenNothingIsBetter) {
  const auto base = Must(Workshop().Train(Job(), Rows(4000, 1, Xor), Rows(500, 2, Xor)));
  auto job = Job(Strategy::kIncremental);
  const auto outcome = Workshop().Train(job, Rows(1000, 5, Reversed), Rows(2000, 6, Xor),
                                        &base);  // learns the contrary of what judges it
  ASSERT_TRUE(outcome.ok());
  EXPECT_EQ(outcome->best_epoch, 0);
  EXPECT_EQ(model::Decode(outcome->artifact, "new")->sections.at("weights"),
            model::Decode(base, "base")->sections.at("weights"));
  EXPECT_EQ(model::Decode(outcome->artifact, "new")->sections.at("adam_mean"),
            model::Decode(base, "base")->sections.at("adam_mean"));
}

TEST(TrainMlp, IncrementalGivesNewLevelsRowsOfTheirOwn) {
  const auto rows = Rows(1000, 1, Xor), stopping = Rows(300, 2, Xor);
  const auto base = Must(Workshop().Train(Job(), rows, stopping));
  const std::int64_t n = 600;
  std::vector<double> a(n, 0.5), b(n, 0.5), y(n);
  std::vector<std::optional<std::string>> colour(n);
  for (std::int64_t i = 0; i < n; ++i) {
    colour[static_cast<std::size_t>(i)] = i % 2 == 0 ? "red" : "violet";
    y[static_cast<std::size_t>(i)] = i % 2 == 0 ? 0 : 1;
  }
  const auto fresh = FrameOf(n).Number("a", a).Number("b", b).Text("colour", colour).Number("y", y).Build();
  auto job = Job(Strategy::kIncremental);
  job.options.epochs = 20;
  const auto updated = Must(Workshop().Train(job, fresh, fresh, &base));
  EXPECT_GT(Accuracy(updated, fresh), 0.95);
  const auto encoder = model::mlp::EncoderFromBytes(model::Decode(updated, "updated")->sections.at("encoder"));
  EXPECT_EQ(encoder->categories[0].levels.back(), "violet");
  EXPECT_EQ(encoder->categories[0].levels.size(), kColours.size() + 1);
}

TEST(TrainMlp, PredictsUnseenCategoriesNullsAndInfinitiesAsFiniteShares) {
  const auto artifact = Must(Workshop().Train(Job(), Rows(1000, 1, Xor), Rows(200, 2, Xor)));
  const auto inf = std::numeric_limits<double>::infinity();
  const auto odd = FrameOf(4)
                       .Number("a", {testing::kNullNumber, inf, -inf, 1e300})
                       .Number("b", {0, testing::kNullNumber, 1, -1e300})
                       .Text("colour", {"never seen", {}, "red", ""})
                       .Build();
  const auto said = Predict(artifact, odd);
  for (std::int64_t row = 0; row < 4; ++row) {
    EXPECT_GE(said.At(row, 1), 0);
    EXPECT_LE(said.At(row, 1), 1);
    EXPECT_NEAR(said.At(row, 0) + said.At(row, 1), 1, 1e-12);
  }
}

TEST(TrainMlp, TransferKeepsTheBodyForAnotherTask) {
  const auto base = Must(Workshop().Train(Job(), Rows(4000, 1, Xor), Rows(500, 2, Xor)));
  const auto label = [](double a, double b, std::size_t) { return Xor(a, b, 0) > 0 ? 2.0 : a > 0 ? 1.0 : 0.0; };
  auto job = Job(Strategy::kTransfer, ContractFor(data::Task::kMulticlass, {"0", "1", "2"}));
  job.options.epochs = 20;
  const auto moved = Must(Workshop().Train(job, Rows(400, 5, label), Rows(400, 6, label), &base));
  auto fresh_job = job;
  fresh_job.strategy = Strategy::kFull;
  const auto fresh = Must(Workshop().Train(fresh_job, Rows(400, 5, label), Rows(400, 6, label)));
  EXPECT_GT(Accuracy(moved, Rows(2000, 7, label)), Accuracy(fresh, Rows(2000, 7, label)));
}

struct Refusal {
  const char* story;
  Strategy strategy;
  std::function<void(TrainJob&)> change;
  const char* code;
  const char* says;
};

TEST(TrainMlp, RefusesWhatItCannotStartFromAndSaysWhy) {
  const auto rows = Rows(600, 1, Xor);
  const auto base = Must(Workshop().Train(Job(), rows, rows));
  const Refusal refusals[] = {
      {"no base", Strategy::kIncremental, [](TrainJob&) {}, "E0307", "needs a champion"},
      {"a new class", Strategy::kIncremental,
       [](TrainJob& job) { job.contract.labels = {.task = data::Task::kMulticlass, .classes = {"0", "1", "2"}}; },
       "E0307", "task is binary"},
      {"a lost feature", Strategy::kIncremental, [](TrainJob& job) { job.contract.roles.features.pop_back(); }, "E0307",
       "colour"},
      {"a new feature", Strategy::kTransfer,
       [](TrainJob& job) { job.contract.roles.features.push_back({"b2", data::ColumnType::kNumber}); }, "E0307", "b2"},
      {"other layers", Strategy::kIncremental, [](TrainJob& job) { job.options.hidden = {64}; }, "E0307",
       "32, 16 units"},
      {"no layers", Strategy::kFull, [](TrainJob& job) { job.options.hidden = {}; }, "E0102", "hidden"},
      {"a wild rate", Strategy::kFull, [](TrainJob& job) { job.options.learning_rate = 1e30; }, "E0304",
       "learning rate 1e+30"},
  };
  for (const auto& refusal : refusals) {
    SCOPED_TRACE(refusal.story);
    auto job = Job(refusal.strategy);
    refusal.change(job);
    const auto outcome =
        Workshop().Train(job, rows, rows, std::string_view(refusal.story) == "no base" ? nullptr : &base);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, refusal.code);
    EXPECT_NE(outcome.error().message.find(refusal.says), std::string::npos) << outcome.error().message;
  }
}

TEST(TrainMlp, EndsWithinItsTimeBudget) {
  testing::FakeClock clock({}, std::chrono::milliseconds(400));  // each look at the clock takes its time
  Serial serial;
  testing::SimDisk disk;
  auto job = Job();
  job.options.epochs = 1000;
  job.options.early_stopping = false;
  job.options.time_budget = std::chrono::seconds(3);
  const auto rows = Rows(300, 1, Xor);
  const auto outcome = TrainMlp(job, nullptr, MemoryTable(rows), MemoryTable(rows), model::mlp::BestKernels(),
                                {disk, clock, serial}, nullptr);
  ASSERT_TRUE(outcome.ok());
  EXPECT_GE(outcome->epochs, 1);
  EXPECT_LE(outcome->epochs, 8);
}

TEST(TrainMlp, WeighsRows) {
  auto contract = kBinary;
  contract.roles.weight = "w";
  const std::int64_t n = 1000;
  std::vector<double> a(n), b(n, 0.0), y(n), w(n);
  std::vector<std::optional<std::string>> colour(n, "red");
  for (std::size_t i = 0; i < a.size(); ++i) {  // half the rows say the contrary and weigh next to nothing
    a[i] = i % 2 == 0 ? 1 : -1;
    const bool lies = i % 4 >= 2;
    y[i] = (a[i] > 0) != lies ? 1 : 0;
    w[i] = lies ? 0.01 : 1;
  }
  const auto rows =
      FrameOf(n).Number("a", a).Number("b", b).Text("colour", colour).Number("y", y).Number("w", w).Build();
  const auto artifact = Must(Workshop().Train(Job(Strategy::kFull, contract), rows, rows));
  const auto said = Predict(artifact, rows);
  EXPECT_GT(said.At(0, 1), 0.8);
  EXPECT_LT(said.At(1, 1), 0.2);
}

}  // namespace
}  // namespace retrain::train::mlp
