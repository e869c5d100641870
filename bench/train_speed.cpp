// Trains the native network on one file and tells what an epoch costs. Prints one JSON object: CPU and wall seconds of
// the cheapest epoch, the kernels used, the last training loss, and by how many bytes the process grew at most,
// reading, encoding and training, beyond what it held before it opened the file.
//
// usage: train_speed FILE.parquet TARGET THREADS EPOCHS [KERNELS]      kernels: v4, v3, v2, generic; else the best
#include <chrono>
#include <ctime>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "bench/answer.h"
#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_state_fs.h"
#include "retrain/app/ports/thread_team.h"
#include "retrain/data/roles.h"
#include "retrain/model/mlp/kernel_loader.h"
#include "retrain/train/mlp/train_mlp.h"
#include "retrain/train/slice.h"

namespace retrain {
namespace {

// A line of /proc/self/status in bytes: VmRSS (now) or VmHWM (at most so far; unlike getrusage it forgets the parent).
std::int64_t MemoryBytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  std::string word;
  std::int64_t kilobytes = 0;
  while (status >> word && word != name + ":") continue;
  status >> kilobytes;
  return kilobytes * 1024;
}

// CPU and wall seconds since the last look.
class StopWatch {
 public:
  std::pair<double, double> Lap() {
    const auto cpu = std::clock();
    const auto wall = std::chrono::steady_clock::now();
    const std::pair<double, double> lap{static_cast<double>(cpu - std::exchange(cpu_, cpu)) / CLOCKS_PER_SEC,
                                        std::chrono::duration<double>(wall - std::exchange(wall_, wall)).count()};
    return lap;
  }

 private:
  std::clock_t cpu_ = std::clock();
  std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
};

Result<model::Contract> ContractOf(StateFs& files, const std::string& path, const std::string& target) {
  TRY(const auto source, data::OpenFile(files, path, {.batch_rows = 1}));
  data::DataOptions options;
  options.target = target;
  model::Contract contract;
  TRY(contract.roles, data::ResolveRoles(options, source->schema()));
  contract.labels = {.task = data::Task::kBinary, .classes = {"0", "1"}};
  return contract;
}

Result<Json> Measure(int count, char** words) {
  if (count < 5) return Error{"E0107", "usage: train_speed FILE.parquet TARGET THREADS EPOCHS [KERNELS]"};
  app::RealStateFs files;
  app::RealClock clock;
  app::ThreadTeam team(std::atoi(words[3]));
  const auto* kernels = &model::mlp::BestKernels();
  if (count > 5) {
    TRY(kernels, model::mlp::FindKernels(words[5]));
  }
  train::TrainJob job;
  TRY(job.contract, ContractOf(files, words[1], words[2]));
  job.options.epochs = std::atoi(words[4]);
  job.options.early_stopping = false;
  job.options.hidden = {64, 64};
  job.options.one_hot_levels = 1000;  // every level an input of its own, as the peers have it
  job.options.replay_rows = 0;        // nor do they keep rows for later
  const train::FileSlice training(files, {{words[1], 0, -1}}, job.contract), stopping(files, {}, job.contract);

  const auto before = MemoryBytes("VmRSS");
  StopWatch watch;
  double cpu = 1e9, wall = 1e9, loss = 0;
  const auto on_epoch = [&](const train::Progress& progress) {
    const auto [epoch_cpu, epoch_wall] = watch.Lap();
    if (progress.epoch > 1)
      cpu = std::min(cpu, epoch_cpu), wall = std::min(wall, epoch_wall);  // the first one reads the file too
    loss = progress.training_loss;
    return true;
  };
  TRY(const auto outcome,
      train::mlp::TrainMlp(job, nullptr, training, stopping, *kernels, {files, clock, team}, on_epoch));
  Json json;
  json.Set("cpu_seconds", cpu).Set("wall_seconds", wall).Set("kernels", kernels->name).Set("rows", outcome.rows);
  json.Set("loss", loss).Set("grown_bytes", MemoryBytes("VmHWM") - before);
  return json;
}

}  // namespace
}  // namespace retrain

int main(int count, char** words) { return retrain::Answer(retrain::Measure(count, words)); }
