#pragma once

#include <optional>
#include <string>

#include "retrain/base/random.h"
#include "retrain/pipeline/config.h"
#include "retrain/pipeline/home.h"
#include "retrain/pipeline/watch.h"

namespace retrain::pipeline {

// What somebody asks for.
struct Request {
  std::string trigger = "manual";
  std::string reason = "manual";
  std::optional<train::Strategy> strategy = {};      // empty: that of the trigger, else the config's
  bool replaces = false;                             // gives up the run under way
  std::optional<decide::TriggersAnswer> fired = {};  // the look that asks for it: stored together with the run

  bool operator==(const Request&) const = default;
};

// The run that a look asks for. REQUIRES: look.answer.run.
Request RequestOf(const TriggerLook& look);

// Who watches a run. Calls come from the thread that drives it.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void OnStart(const Run& /*run*/, bool /*goes_on*/) {}  // created, or taken up after an interruption
  virtual void OnStage(const Run& /*run*/, State /*next*/) {}    // work on this stage begins
  virtual void OnStageEnd(const Run& /*run*/) {}                 // run.stages.back() is new
  virtual bool OnProgress(const train::Progress& /*progress*/) { return true; }  // false: stop, go on another time
};

// Keeps one model fresh: carries a run from trigger to verdict, one committed stage at a time. Kill it anywhere: the
// next process reads the row and goes on, to the same artifact and the same verdict. Borrowed parts outlive it.
// REQUIRES: the caller holds the home's lock while it calls anything here. Not safe from many threads.
class Pipeline final {
 public:
  Pipeline(Home& home, Clock& clock, Random& random, train::Trainer& trainer)
      : home_(home), clock_(clock), random_(random), trainer_(trainer) {}
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  // Takes in what has arrived, looks at all triggers and journals what they say. When one asks for a run, nothing is
  // stored before that run is: pass RequestOf(look) to Start(), which stores both at once. What is wrong with the data
  // paths is in the look, and planned times wait for it to be mended. Errors are those of the state.
  Result<TriggerLook> Watch(const Config& config);

  // Goes on with the unfinished run, if there is one under the same config; otherwise looks for new data and creates
  // a run. An unfinished run under another config is ended as failed first. Errors of data paths and of the state are
  // returned; nothing is created then.
  Result<Run> Start(const Config& config, const Request& request, Observer& observer);

  // Carries out the next stage and commits it. Errors of data, config and models end the run as failed and are in it;
  // returned are only errors of the state and the wish to stop, after which the run can go on.
  // REQUIRES: !IsEnd(run.state).
  Result<Run> Tick(Run run, Observer& observer);

  // Start and Tick until the run has ended.
  Result<Run> RunToEnd(const Config& config, const Request& request, Observer& observer);

  // Points `champion` at an earlier version: `to`, or where it pointed before. E0504 when there is none.
  Result<registry::AliasMove> Rollback(std::optional<VersionId> to, std::string_view who, std::string_view why);

  // Points `champion` at any version by hand.
  Result<registry::AliasMove> Promote(VersionId to, std::string_view who, std::string_view why);

 private:
  Result<Run> Create(const Config& config, const Request& request);
  Status Abandon(Run run, const std::string& why);

  // Records how a stage ended and how long it took; call it before the commit that it belongs to.
  void EndStage(Run& run, State stage, std::string_view outcome, std::string found);

  Status Prepare(const Config& config, Run& run);
  Status Train(const Config& config, Run& run, Observer& observer);
  Status Validate(const Config& config, Run& run);
  Status Deploy(Run& run);

  Result<registry::AliasMove> MoveChampion(VersionId to, std::string_view who, std::string_view why,
                                           std::string_view kind);

  Home& home_;
  Clock& clock_;
  Random& random_;
  train::Trainer& trainer_;
  Steady stage_began_{};
};

}  // namespace retrain::pipeline
