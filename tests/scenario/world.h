#pragma once

#include <memory>
#include <string>

#include "retrain/pipeline/pipeline.h"
#include "retrain/testing/fake_clock.h"
#include "retrain/testing/sim_disk.h"

namespace retrain::scenario {

// A learner that trains for real and can be told to fail first.
class FailingTrainer final : public train::Trainer {
 public:
  FailingTrainer(StateFs& files, Clock& clock) : real_({.files = files, .clock = clock, .parallel = serial_}) {}
  void FailNext(Error error) { failure_ = std::move(error); }

  Result<train::TrainOutcome> Train(const train::TrainJob& job, const train::OnProgress& on_progress) override {
    if (failure_) return std::exchange(failure_, std::nullopt).value();
    return real_.Train(job, on_progress);
  }

 private:
  Serial serial_;
  train::InProcessTrainer real_;
  std::optional<Error> failure_;
};

// A generated binary table: y is 1 when 2a - b + noise > 0; with `flipped`, when it is not. `c` is a category. With
// `b_scaled`, b is written in another unit.
struct TableSpec {
  std::int64_t rows = 0;
  std::uint64_t seed = 1;
  bool flipped = false;
  double b_scaled = 1;
  std::string extra = {};  // one more column of this name
  bool blank = false;      // nothing in the column `c`
};
std::string MakeCsv(const TableSpec& spec);

// One life of a home: a simulated disk and clock, the real engine on them. Restart() is a new process on the same disk.
class World {
 public:
  World() { Restart(); }
  void Restart();

  void Write(const std::string& path, const std::string& text);
  pipeline::Home& home() { return *home_; }
  pipeline::Pipeline& pipeline() { return *pipeline_; }
  FailingTrainer& trainer() { return trainer_; }
  testing::FakeClock& clock() { return clock_; }
  testing::SimDisk& disk() { return disk_; }

 private:
  testing::SimDisk disk_;
  testing::FakeClock clock_;
  testing::FakeRandom random_;
  FailingTrainer trainer_{disk_, clock_};
  std::unique_ptr<pipeline::Home> home_;
  std::unique_ptr<pipeline::Pipeline> pipeline_;
};

}  // namespace retrain::scenario
