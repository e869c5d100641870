// What a run costs besides learning: all five stages, journalled and synced, with a learner that does nothing. Prints
// JSON: the median wall time of a run, the time that its disk syncs take by themselves, their number, peak memory.
//   overhead RUNS FOLDER
#include <sys/resource.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_random.h"
#include "retrain/app/ports/real_state_fs.h"
#include "retrain/model/constant.h"
#include "retrain/pipeline/pipeline.h"

namespace {

using namespace retrain;

// Answers at once with the model that says the same of every row.
class NoLearner final : public train::Trainer {
 public:
  Result<train::TrainOutcome> Train(const train::TrainJob& job, const train::OnProgress&) override {
    const std::vector<double> targets = {0, 1};
    return train::TrainOutcome{
        .artifact = model::Encode(model::FitConstant(job.contract, targets)), .epochs = 1, .best_epoch = 1};
  }
};

std::string Table(int rows, int first) {
  std::string csv = "a,b,y\n";
  for (int i = first; i < first + rows; ++i) csv += fmt::format("{},{},{}\n", i, i * 7 % 13, i * 5 % 3 == 0 ? 1 : 0);
  return csv;
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// What one small synced write costs on this disk.
double SyncMilliseconds(StateFs& files, Clock& clock, const std::string& path) {
  auto file = files.OpenFile(path, StateFs::Open::kCreate);
  RETRAIN_ALWAYS(file.ok());
  const std::string page(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 21; ++i) {
    const Steady began = clock.SteadyNow();
    RETRAIN_ALWAYS((*file)->WriteAt(0, std::as_bytes(std::span(page))).ok() && (*file)->Sync().ok());
    times.push_back((clock.SteadyNow() - began).count() * 1000);
  }
  return Median(times);
}

}  // namespace

int main(int argc, char** argv) {
  const int runs = argc > 1 ? std::atoi(argv[1]) : 21;
  const std::string folder = argc > 2 ? argv[2] : ".";
  app::RealStateFs files;
  app::RealClock clock;
  app::RealRandom random;
  NoLearner learner;
  RETRAIN_ALWAYS(WriteFileDurably(files, folder + "/train.csv", Table(1000, 0)).ok());
  RETRAIN_ALWAYS(WriteFileDurably(files, folder + "/val.csv", Table(200, 5000)).ok());
  pipeline::Config config;
  config.data = {.new_data_path = folder + "/train.csv", .validation_data = folder + "/val.csv", .min_new_samples = 1};
  auto home = pipeline::Home::Open(files, folder + "/home");
  RETRAIN_ALWAYS(home.ok());
  pipeline::Pipeline engine(**home, clock, random, learner);
  pipeline::Observer nobody;
  std::vector<double> times;
  for (int i = 0; i < runs; ++i) {
    const Steady began = clock.SteadyNow();
    const auto run = engine.RunToEnd(config, {.strategy = train::Strategy::kFull}, nobody);
    times.push_back((clock.SteadyNow() - began).count() * 1000);
    if (!run.ok() || run->stages.size() != 5) {
      fmt::print(stderr, "{}\n", run.ok() ? run->reason : ToText(run.error()));
      return 1;
    }
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  Json json;
  json.Set("wall_ms", Median(times)).Set("sync_ms", SyncMilliseconds(files, clock, folder + "/probe"));
  json.Set("peak_bytes", std::int64_t{usage.ru_maxrss} * 1024).Set("runs", runs);
  fmt::print("{}\n", json.Dump());
}
