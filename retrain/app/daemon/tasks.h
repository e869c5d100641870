#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "retrain/app/daemon/data_folders.h"
#include "retrain/app/daemon/plan.h"
#include "retrain/app/engine.h"
#include "retrain/app/notify/deliver.h"

// What a thread of the daemon does for one pipeline, whose lock the daemon holds. Each opens the home anew, so that
// ten thousand idle pipelines cost no open database.
namespace retrain::app {

// Where a pipeline stands, seen now.
struct Sight {
  std::optional<pipeline::Request> fired;  // the run that triggers ask for
  Instant look_at = kNoInstant;            // when time alone may change that
  bool unfinished = false;                 // a run waits to be taken up
  std::int64_t champion = 0;               // its version; 0: none
  Instant champion_since{};
  DataFolders data;
  std::map<std::string, double> drift = {};  // PSI of columns in the newest window that waits
};

struct Place {
  std::string home;
  std::string program;  // that trains; empty: the running one
};

// Makes safe what a killed process left. Once, before all else.
Status Recover(const Place& place);

// Holds all triggers against what is there now and journals what they say. Not while an interrupted run waits to be
// taken up, which nobody drives: no trigger is to be held back by it or to spend a planned time on it.
Result<Sight> Look(const Place& place, const pipeline::Config& config);

// The same beside a run that is under way.
Result<Sight> LookBesideRun(const Place& place, const pipeline::Config& config);

// A run that somebody asked for, or the one that was interrupted, to its end. E0403 when `stop` was raised.
Result<pipeline::Run> RunAsked(const Place& place, const pipeline::Config& config, const pipeline::Request& request,
                               pipeline::Observer& observer, const std::shared_ptr<const StopSignal>& stop);

// Looks once more and, when a trigger still fires, runs to the end. Empty: it fires no more.
Result<std::optional<pipeline::Run>> RunFired(const Place& place, const pipeline::Config& config,
                                              pipeline::Observer& observer,
                                              const std::shared_ptr<const StopSignal>& stop);

// To whom something is due.
Result<Outlook> LookForReceivers(const Place& place, const pipeline::Config& config);

// Tells one receiver what is due to it.
Result<Deliveries> Deliver(const Place& place, const pipeline::Config& config, const std::string& name, Net& net,
                           const std::string& target);

}  // namespace retrain::app
