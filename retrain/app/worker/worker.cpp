#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>

#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_process.h"
#include "retrain/app/ports/real_state_fs.h"
#include "retrain/app/ports/thread_team.h"
#include "retrain/app/worker/child_trainer.h"
#include "retrain/app/worker/messages.h"

namespace retrain::app {
namespace {

Result<train::TrainOutcome> TrainHere(const std::string& job_file, const std::string& artifact_file) {
  RealStateFs files;
  RealClock clock;
  TRY(const auto text, ReadFile(files, job_file));
  TRY(const auto json, ParseJson(text, job_file));
  TRY(const auto job, train::TrainJobFromJson(json));
  ThreadTeam team(job.options.threads);
  train::InProcessTrainer trainer({.files = files, .clock = clock, .parallel = team});
  TRY(auto outcome, trainer.Train(job, [](const train::Progress& progress) {
    fmt::print("{}\n", WriteProgress(progress));
    return std::fflush(stdout) == 0;
  }));
  TRY_OK(WriteFileDurably(files, artifact_file, outcome.artifact));
  return outcome;
}

}  // namespace

int RunWorker(const std::string& job, const std::string& artifact) {
  DieWithParent();
  setenv("OMP_WAIT_POLICY", "passive", 1);  // NOLINT(concurrency-mt-unsafe): no thread is there yet
  const auto outcome = TrainHere(job, artifact);
  fmt::print("{}\n", WriteOutcome(outcome));
  std::fflush(stdout);
  return outcome.ok() ? 0 : 1;
}

}  // namespace retrain::app
