#pragma once

#include <memory>
#include <optional>
#include <string>

#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_process.h"
#include "retrain/app/ports/real_random.h"
#include "retrain/app/ports/real_state_fs.h"
#include "retrain/app/worker/child_trainer.h"
#include "retrain/pipeline/pipeline.h"

namespace retrain::app {

struct EngineOptions {
  std::string home = ".retrain";
  bool must_exist = false;                      // E0106 instead of making a home
  std::string program = {};                     // the `retrain` program that trains; empty: the running one
  std::shared_ptr<const StopSignal> stop = {};  // once raised, a training under way ends and can go on later
};

// Everything real, constructed in order and passed on: ports, home, trainer, pipeline. What the command line and the
// Python face share. Looking needs no lock; Lock() before anything that changes state.
class Engine final {
 public:
  static Result<std::unique_ptr<Engine>> Open(const EngineOptions& options);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Status Lock(std::string_view command);  // E0401 that says who holds it; held until the engine is destroyed

  // The config of this pipeline: `file`, or retrain.yaml when it is there, or what setup() stored. E0106 without any.
  Result<pipeline::Config> LoadConfig(const std::string& file);

  // What setup() stored. E0106 without any.
  Result<pipeline::Config> LoadStoredConfig();

  // Checks a config as the text of a JSON or YAML document and stores it; one that says the same as the stored one is
  // left as it is. Trains nothing. Takes the lock meanwhile.
  Status Setup(std::string_view text, std::string_view who);

  // The same for whose process holds the lock.
  Status StoreConfig(std::string_view text, std::string_view who);

  // The champion, loaded. E0306 when there is none.
  Result<std::unique_ptr<model::Model>> LoadChampion();

  pipeline::Home& home() { return *home_; }
  pipeline::Pipeline& pipeline() { return *pipeline_; }
  train::Trainer& trainer() { return trainer_; }
  StateFs& files() { return files_; }
  Clock& clock() { return clock_; }

 private:
  explicit Engine(const EngineOptions& options);
  bool IsStored(const pipeline::Config& config);
  RealStateFs files_;
  RealClock clock_;
  RealRandom random_;
  RealProcessRunner processes_;
  ChildTrainer trainer_;
  std::unique_ptr<pipeline::Home> home_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
  std::unique_ptr<HomeLock> lock_;
};

}  // namespace retrain::app
