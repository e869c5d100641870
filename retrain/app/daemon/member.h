#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "retrain/app/daemon/plan.h"
#include "retrain/app/daemon/roster.h"
#include "retrain/app/daemon/tasks.h"
#include "retrain/app/http/message.h"

namespace retrain::app {

// A run that somebody asked for and, when he waits for it, his ear.
struct Asked {
  pipeline::Request request;
  std::optional<HttpAnswer> follower;
};

// What the metrics tell of a pipeline since the daemon began.
struct MemberCounts {
  struct Outcome {
    std::string strategy, trigger, outcome;
    auto operator<=>(const Outcome&) const = default;
  };
  std::map<Outcome, std::int64_t> runs;
  double run_seconds = 0;
  std::int64_t looks = 0;
  std::int64_t fired = 0;
  std::int64_t errors = 0;
  std::optional<Instant> last_success;
};

// The daemon's knowledge of one pipeline. Lives in the loop's thread; threads at work for it have copies.
class Member final {
 public:
  Member(std::uint64_t number, RosterEntry entry, std::unique_ptr<HomeLock> lock,
         std::shared_ptr<const pipeline::Config> config)
      : number_(number), entry_(std::move(entry)), lock_(std::move(lock)), config_(std::move(config)) {}

  Situation At(Instant now, Steady steady) const;
  std::string_view StateName() const;  // "idle", "looking", "running", "waiting" (for an error to pass), "stopping"

  // What happens to it.
  void OnFilesChanged(Steady now);
  void OnChampionMoved(Steady now);  // by hand
  void OnBegin(Act act);             // a thread begins
  void OnSight(const Sight& sight, Steady now);
  void OnRun(const pipeline::Run& run, Steady now);
  void OnFiredNoMore(Steady now);
  void OnLookError(const Error& error, Steady now);
  void OnError(const Error& error, Steady now);      // the run that was under way did not come to an end
  void OnStopped();                                  // the run was interrupted on request, and waits
  bool OnScan(const DataFolders& data, Steady now);  // true: something changed

  // What others are to be told: when to look next, and the receivers that a thread is at.
  Instant deliver_at() const { return stops_ ? kNoInstant : deliver_at_; }
  void set_deliver_at(Instant at) { deliver_at_ = at; }
  void OnOutlook(const Outlook& outlook);
  bool BeginTelling(const std::string& target) { return told_.insert(target).second; }  // false: a thread is at it
  void EndTelling(const std::string& target) { told_.erase(target); }
  std::int64_t undelivered() const { return undelivered_; }

  // Those who follow the run that is under way.
  void Follow(const HttpAnswer& answer);  // tells what has happened so far
  void Tell(const std::string& line);
  void EndFollowing(const std::string& line);

  std::uint64_t number() const { return number_; }  // never given twice
  const RosterEntry& entry() const { return entry_; }
  std::shared_ptr<const pipeline::Config> config() const { return config_; }
  void set_config(std::shared_ptr<const pipeline::Config> config, Steady now);
  std::deque<Asked>& asked() { return asked_; }
  const std::deque<Asked>& asked() const { return asked_; }
  const std::optional<Sight>& sight() const { return sight_; }
  const std::optional<Error>& error() const { return error_; }
  const MemberCounts& counts() const { return counts_; }
  bool looks() const { return looks_beside_ || (act_ != Act::kWait && !runs()); }
  bool works() const { return looks() || runs(); }
  bool is_replaced() const { return runs() && fired_ && sight_->fired->replaces; }  // by a trigger that has fired
  bool runs() const { return act_ == Act::kResume || act_ == Act::kRunAsked || act_ == Act::kRunFired; }
  std::int64_t run_under_way() const { return run_under_way_; }
  void set_run_under_way(std::int64_t id) { run_under_way_ = id; }
  void Retire(const Error& why);  // begins nothing more, and tells so whoever waits for a run that has not begun
  bool is_retired() const { return stops_; }

  std::shared_ptr<StopSignal> stop;  // of the run under way

 private:
  void LookSoon(Steady now);
  void EndLook();
  void Rest(const Error& error, Steady now);

  std::uint64_t number_;
  RosterEntry entry_;
  std::unique_ptr<HomeLock> lock_;
  std::shared_ptr<const pipeline::Config> config_;
  Act act_ = Act::kWait;
  bool looks_beside_ = false;  // beside the run
  bool stops_ = false;
  bool examined_ = false;
  bool unfinished_ = false;
  bool fired_ = false;
  std::deque<Asked> asked_;
  std::optional<Steady> first_change_;
  std::optional<Steady> last_change_;
  Steady scan_at_{};
  Steady retry_at_{};
  int errors_ = 0;
  std::optional<Error> error_;
  std::optional<Sight> sight_;
  MemberCounts counts_;
  Instant deliver_at_ = kNoInstant;
  std::set<std::string> told_;
  std::int64_t undelivered_ = 0;
  std::int64_t run_under_way_ = 0;
  std::vector<std::string> events_;  // of the run under way, but for its progress
  std::vector<HttpAnswer> followers_;
};

}  // namespace retrain::app
