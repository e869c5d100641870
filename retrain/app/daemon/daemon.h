#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "retrain/app/daemon/folder_watch.h"
#include "retrain/app/daemon/job_pool.h"
#include "retrain/app/daemon/member.h"
#include "retrain/app/daemon/supervisor.h"
#include "retrain/app/http/server.h"
#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_net.h"
#include "retrain/app/ports/real_state_fs.h"

namespace retrain::app {

struct DaemonOptions {
  std::string home = ".retrain";
  std::vector<std::string> configs = {};  // see ReadRoster
  bool stored = false;
  std::string listen = "off";  // of /healthz and /metrics: an address with a port, or "off"
  std::string program = {};    // that trains; empty: the running one
  std::int64_t jobs = 1;       // runs at once, of all pipelines
};

// What came of reading the configs again.
struct Reload {
  Instant at{};
  std::optional<Error> error;  // the former configs stay
  int pipelines = 0;
};

// Keeps pipelines fresh by itself: holds their homes, watches their data, keeps time, has triggers decide, and runs
// what they ask for, one run at a time a pipeline. One thread decides and answers; others look and run. Killed
// anywhere, the next one goes on.
class Daemon final {
 public:
  // Reads all configs, takes all locks, listens. E0401 when a home is held by another, E0404 for a taken address.
  static Result<std::unique_ptr<Daemon>> Open(const DaemonOptions& options);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // Until SIGTERM, SIGINT or Stop(). Within 5 s after that it ends: a run under way goes on the next time. What cannot
  // be interrupted in that time ends with the process, as if it was killed.
  void Run();

  // From here on in the loop's thread: what the control API asks for.
  Member* Find(std::string_view name);  // null: there is none. Empty: the only one, or `default`
  const std::map<std::string, std::unique_ptr<Member>>& members() const { return members_; }
  Status Ask(Member& member, Asked asked);  // E0401 when too many wait
  const Reload& Read();                     // reads the configs again; all or none
  void Stop(std::string_view why);
  void OnChampionMoved(std::uint64_t number);  // by hand
  void InThread(std::function<void()> work) { readers_.Add(std::move(work)); }
  void InLoop(std::function<void()> work) { loop_.Post(std::move(work)); }  // from any thread

  bool stops() const { return stops_; }
  Instant since() const { return since_; }
  const Reload& last_reload() const { return last_reload_; }
  const DaemonOptions& options() const { return options_; }
  int port() const { return port_; }
  Clock& clock() { return clock_; }
  const FolderWatch& watch() const { return *watch_; }

 private:
  explicit Daemon(DaemonOptions options);
  Status Begin();
  Result<std::unique_ptr<Member>> Admit(const RosterEntry& entry, std::shared_ptr<const pipeline::Config> config);
  Status Listen();
  void Schedule(Member& member);  // a member that has left and does nothing any more is gone after it
  void ScheduleAll();
  void Wake();
  void Carry(Member& member, Act act);
  void CarryLook(Member& member, bool recovers);
  void CarryScan(Member& member);
  void CarryRun(Member& member, Act act);
  void CarryDelivery(Member& member);
  void CarryTelling(Member& member, const std::string& target);
  void DeliverLater(Member& member, const Error& error);
  void OnLooked(std::uint64_t number, const Result<Sight>& sight);
  void OnRunEnd(std::uint64_t number, const Result<std::optional<pipeline::Run>>& run);
  std::unique_ptr<pipeline::Observer> MakeObserver(const Member& member);
  void Log(std::string_view who, std::string_view what);
  void OnSignal(int signal);
  void Heartbeat();
  Status ReadAll();
  void EndWhenQuiet(Steady deadline);
  Member* FindNumber(std::uint64_t number);

  DaemonOptions options_;
  RealStateFs files_;
  RealClock clock_;
  RealNet net_;
  Instant since_{};
  Supervisor supervisor_;
  EventLoop loop_;
  std::unique_ptr<HomeLock> root_lock_;
  std::map<std::string, std::unique_ptr<Member>> members_;
  std::unordered_map<std::uint64_t, Member*> by_number_;
  std::uint64_t last_number_ = 0;
  std::set<std::pair<Steady, std::uint64_t>> agenda_;  // when to think again, and of which member
  std::unordered_map<std::uint64_t, Steady> planned_;  // its entry there
  ClockWatch clock_watch_;
  std::unique_ptr<FolderWatch> watch_;
  std::unique_ptr<HttpServer> local_;
  std::unique_ptr<HttpServer> open_;
  std::unique_ptr<SignalWatch> signals_;
  Timer tick_;
  Timer heartbeat_;
  Timer end_;
  Reload last_reload_;
  int port_ = 0;
  bool stops_ = false;
  JobPool readers_;
  JobPool lookers_;
  JobPool runners_;
  JobPool couriers_;
};

}  // namespace retrain::app
