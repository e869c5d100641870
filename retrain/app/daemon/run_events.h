#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "retrain/pipeline/pipeline.h"

// What the followers of a run are told: JSON objects, one a line. docs/http.md shows them.
namespace retrain::app {

inline constexpr std::string_view kEventLines = "application/x-ndjson";

std::string WaitEvent(std::string_view reason);  // the run has not begun
std::string StartEvent(const pipeline::Run& run, bool goes_on);
std::string StageEvent(pipeline::State next);
std::string StageEndEvent(const pipeline::Run& run);
std::string ProgressEvent(const train::Progress& progress);
std::string EndEvent(const Result<pipeline::Run>& run);

// Reads such lines and shows them to an observer as if the run were its own.
class RunReplay final {
 public:
  explicit RunReplay(pipeline::Observer& observer) : observer_(observer) {}

  bool Take(std::string_view line);  // false: the observer wants to stop. Unknown events are passed over

  // How it ended; empty: it has not, as far as the lines told.
  const std::optional<Result<pipeline::Run>>& end() const { return end_; }
  RunId run() const { return run_; }  // 0: it has not begun

 private:
  Status Replay(const Json& event);

  pipeline::Observer& observer_;
  RunId run_;
  std::optional<pipeline::Run> latest_;
  std::optional<Result<pipeline::Run>> end_;
};

// Hands each event on as its line.
class EventObserver : public pipeline::Observer {
 public:
  using Tell = std::function<void(std::string line)>;
  EventObserver(Tell tell, std::function<bool()> stop) : tell_(std::move(tell)), stop_(std::move(stop)) {}

  void OnStart(const pipeline::Run& run, bool goes_on) override { tell_(StartEvent(run, goes_on)); }
  void OnStage(const pipeline::Run&, pipeline::State next) override { tell_(StageEvent(next)); }
  void OnStageEnd(const pipeline::Run& run) override { tell_(StageEndEvent(run)); }
  bool OnProgress(const train::Progress& progress) override {
    tell_(ProgressEvent(progress));
    return !stop_();
  }

 private:
  Tell tell_;
  std::function<bool()> stop_;
};

}  // namespace retrain::app
