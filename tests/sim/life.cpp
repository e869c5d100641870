#include "life.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "retrain/model/constant.h"

namespace retrain::sim {
namespace {

// What the user drops, one file before each run. The third is broken (a row without its label) and then mended.
struct Delivery {
  const char* path;
  int first;  // value of the feature in its first row
  bool broken = false;
};
constexpr Delivery kDeliveries[] = {
    {"new/part1.csv", 1000}, {"new/part2.csv", 2000}, {"new/part3.csv", 3000, true}, {"new/part3.csv", 3000}};

// Labels with a given share of ones, over a feature that never repeats.
std::string MakeCsv(int first, int rows, double share) {
  std::string csv = "x,label\n";
  for (int row = 0; row < rows; ++row) csv += fmt::format("{},{}\n", first + row, row % 10 < share * 10 ? 1 : 0);
  return csv;
}

// Nobody but the user writes here, so an interrupted drop is simply done again.
Status Drop(StateFs& files, const std::string& path, const std::string& bytes) {
  const auto there = ReadFile(files, path);
  if (there.ok() && *there == bytes) return Ok();
  TRY_OK(files.MakeFolders(ParentFolder(path)));
  return WriteFileDurably(files, path, bytes);
}

pipeline::Config TheConfig() {
  pipeline::Config config{.strategy = train::Strategy::kFull};
  config.data.new_data_path = "new";
  config.data.validation_data = "val.csv";
  config.data.min_new_samples = 10;
  config.gate.metrics = {eval::Metric::kLogLoss};
  config.gate.evidence = decide::Evidence::kPoint;
  return config;
}

}  // namespace

// Says of every row the same share of ones: nearer to the truth of 0.8 after the second file, far from it after the
// third. Leaves a checkpoint as a real one does.
class Life::Learner final : public train::Trainer {
 public:
  explicit Learner(StateFs& files) : files_(files) {}

  Result<train::TrainOutcome> Train(const train::TrainJob& job, const train::OnProgress&) override {
    std::set<std::string> paths;
    for (const auto& range : job.training) paths.insert(range.path);
    TRY_OK(WriteFileDurably(files_, job.checkpoint, std::string(700, 'c')));
    constexpr int kOnes[] = {0, 6, 7, 3};
    std::vector<double> targets(10, 0.0);
    std::fill_n(targets.begin(), kOnes[std::min<std::size_t>(paths.size(), 3)], 1.0);
    return train::TrainOutcome{
        .artifact = model::Encode(model::FitConstant(job.contract, targets)), .epochs = 1, .best_epoch = 1};
  }

 private:
  StateFs& files_;
};

// Hears of each stage as a terminal does.
class Life::Watcher final : public pipeline::Observer {
 public:
  Watcher(Promise& promised, bool early) : promised_(promised), early_(early) {}
  void OnStage(const pipeline::Run&, pipeline::State) override {
    if (!early_) return;
    ++promised_.entries;
    promised_.hash.clear();
  }

 private:
  Promise& promised_;
  bool early_;
};

Life::Life(StateFs& files, Bug bug) : files_(files), bug_(bug), learner_(std::make_unique<Learner>(files)) {}
Life::~Life() = default;

Status Life::Promised() {
  TRY(const auto last, home_->database().Run("select number, hash from journal order by number desc limit 1"));
  if (!last.empty()) {
    promised_.entries = last[0].Int(0);
    promised_.hash = last[0].Text(1);
  }
  TRY(const auto champion, home_->registry().Find(registry::kChampion));
  if (champion) promised_.champion_epoch = champion->epoch;
  TRY(const auto chunks, home_->ledger().All());
  promised_.chunks = static_cast<std::int64_t>(chunks.size());
  return Ok();
}

Status Life::CarryOut(pipeline::Pipeline& pipeline) {
  Watcher watcher(promised_, bug_ == Bug::kEarlyAnswer);
  TRY(auto run, pipeline.Start(TheConfig(), {}, watcher));
  TRY_OK(Promised());
  while (!IsEnd(run.state)) {
    TRY(run, pipeline.Tick(std::move(run), watcher));
    TRY_OK(Promised());
  }
  return Ok();
}

Status Life::Run() {
  TRY_OK(Drop(files_, "val.csv", MakeCsv(9000, 50, 0.8)));
  TRY(home_, pipeline::Home::Open(files_, "home"));
  if (bug_ == Bug::kSynchronousNormal) TRY_OK(home_->database().RunScript("pragma synchronous = normal"));
  TRY(const auto lock, home_->Lock("a simulated life"));
  TRY_OK(Promised());
  pipeline::Pipeline pipeline(*home_, clock_, random_, *learner_);
  std::int64_t number = 0;
  for (const auto& delivery : kDeliveries) {
    TRY(const auto runs, home_->runs().All());
    if (std::count_if(runs.begin(), runs.end(), [](const auto& run) { return IsEnd(run.state); }) >= ++number) continue;
    TRY_OK(Drop(files_, delivery.path, MakeCsv(delivery.first, 60, 0.5) + (delivery.broken ? "9,\n" : "")));
    TRY_OK(CarryOut(pipeline));
  }
  TRY(const auto moves, home_->registry().Moves(registry::kChampion));
  if (moves.size() < 3) {
    TRY_OK(pipeline.Rollback({}, "a person", "the old one was better"));
    TRY_OK(Promised());
  }
  return Ok();
}

Result<std::vector<std::string>> Ending(pipeline::Home& home) {
  std::vector<std::string> lines;
  TRY(const auto runs, home.runs().All());
  for (const auto& run : runs) {
    lines.push_back(fmt::format("run {} {} version {} artifact {} {} {}", run.id.value, Name(run.state),
                                run.version.value, run.artifact,
                                run.verdict ? decide::Name(*run.verdict) : "no verdict", run.reason));
  }
  TRY(const auto versions, home.registry().All());
  for (const auto& version : versions)
    lines.push_back(fmt::format("version {} {} of run {}", version.id.value, version.digest, version.run.value));
  TRY(const auto aliases, home.registry().Aliases());
  for (const auto& alias : aliases)
    lines.push_back(fmt::format("{} is {} after {} moves", alias.name, alias.version.value, alias.epoch));
  TRY(const auto chunks, home.ledger().All());
  for (const auto& chunk : chunks)
    lines.push_back(fmt::format("chunk {} {} {}", chunk.id.value, chunk.name, chunk.digest));
  return lines;
}

}  // namespace retrain::sim
