#include "retrain/app/daemon/daemon.h"

#include <sys/resource.h>
#include <unistd.h>
#include <algorithm>
#include <csignal>
#include <cstdlib>

#include <fmt/format.h>

#include "retrain/app/daemon/control_api.h"
#include "retrain/app/daemon/run_events.h"
#include "retrain/base/text.h"
#include "retrain/pipeline/home.h"

// The daemon's life: it begins, listens, hears signals, reads its configs again, ends.
namespace retrain::app {
namespace {

constexpr std::chrono::milliseconds kEndsWithin(4'000);  // of the 5 s that it promises
constexpr std::chrono::milliseconds kEndPoll(10);
constexpr int kLookers = 2;
constexpr int kCouriers = 8;  // receivers that are told at once
constexpr std::size_t kMostAsked = 100;

// A lock is an open file: many pipelines need many.
void AllowManyFiles() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

Daemon::Daemon(DaemonOptions options)
    : options_(std::move(options)),
      since_(clock_.Now()),
      supervisor_(Supervisor::FromEnvironment()),
      tick_(loop_),
      heartbeat_(loop_),
      end_(loop_),
      readers_(1),
      lookers_(kLookers),
      runners_(static_cast<int>(std::min<std::int64_t>(options_.jobs, 64))),
      couriers_(kCouriers) {}

Daemon::~Daemon() = default;

Result<std::unique_ptr<Daemon>> Daemon::Open(const DaemonOptions& options) {
  AllowManyFiles();
  std::unique_ptr<Daemon> daemon(new Daemon(options));
  TRY_OK(daemon->Begin());
  return daemon;
}

Status Daemon::Begin() {
  TRY_OK(files_.MakeFolders(options_.home));
  const std::string holder = fmt::format("process {}, `retrain up`, since {}", getpid(), ToText(since_));
  TRY(root_lock_, files_.Lock(pipeline::Home::LockFile(options_.home), holder));
  watch_ = std::make_unique<FolderWatch>(loop_, [this](FolderWatch::Owner number) {
    if (auto* member = FindNumber(number)) {
      member->OnFilesChanged(clock_.SteadyNow());
      Schedule(*member);
    }
  });
  TRY_OK(ReadAll());
  return Listen();
}

Status Daemon::Listen() {
  TRY(auto socket, ListenLocal(options_.home + "/control.sock"));
  local_ = std::make_unique<HttpServer>(loop_, ControlRoutes(*this));
  local_->Listen(std::move(socket), true);
  if (options_.listen == "off") return Ok();
  TRY(auto listener, ListenTcp(options_.listen));
  port_ = listener.port;
  open_ = std::make_unique<HttpServer>(loop_, OpenRoutes(*this, listener.is_loopback));
  open_->Listen(std::move(listener.socket), false);
  return Ok();
}

Result<std::unique_ptr<Member>> Daemon::Admit(const RosterEntry& entry,
                                              std::shared_ptr<const pipeline::Config> config) {
  TRY_OK(files_.MakeFolders(entry.home + "/work"));
  std::unique_ptr<HomeLock> lock;
  if (entry.home != options_.home) {
    const std::string holder = fmt::format("process {}, `retrain up`, since {}", getpid(), ToText(since_));
    TRY(lock, files_.Lock(pipeline::Home::LockFile(entry.home), holder));
  }
  return std::make_unique<Member>(++last_number_, entry, std::move(lock), std::move(config));
}

// All configs are read and checked, and all new homes taken, before anything changes.
Status Daemon::ReadAll() {
  TRY(const auto roster, ReadRoster(files_, options_.home, options_.configs, options_.stored));
  std::map<std::string, std::shared_ptr<const pipeline::Config>> configs;
  std::map<std::string, std::unique_ptr<Member>> admitted;
  std::vector<Error> faults;
  for (const auto& entry : roster) {
    auto config = LoadConfig(files_, entry);
    if (!config.ok()) {
      faults.push_back(config.error());
      continue;
    }
    configs[entry.name] = std::make_shared<const pipeline::Config>(*std::move(config));
    const auto known = members_.find(entry.name);
    if (known != members_.end() && !known->second->is_retired()) continue;
    TRY(admitted[entry.name], Admit(entry, configs[entry.name]));
  }
  if (!faults.empty()) return AllInOne(std::move(faults));

  const Steady now = clock_.SteadyNow();
  for (auto& [name, member] : members_) {
    const auto config = configs.find(name);
    if (config == configs.end()) {
      member->Retire({.code = "E0403",
                      .message = fmt::format("pipeline `{}` has left the daemon's configs", name),
                      .hint = "`retrain run` does it without the daemon"});
    } else if (!(*config->second == *member->config())) {
      member->set_config(config->second, now);
      Log(name, "its config changed");
    }
  }
  for (auto& [name, member] : admitted) {
    by_number_[member->number()] = member.get();
    members_[name] = std::move(member);
  }
  return Ok();
}

const Reload& Daemon::Read() {
  const auto status = ReadAll();
  last_reload_ = {.at = clock_.Now(), .pipelines = static_cast<int>(members_.size())};
  if (!status.ok()) {
    last_reload_.error = status.error();
    last_reload_.error->kept = "the former configs stay in force";
    Log("", "cannot read the configs again\n" + ToText(*last_reload_.error));
  } else {
    Log("", fmt::format("has read its configs again: {}", Counted(last_reload_.pipelines, "pipeline")));
  }
  ScheduleAll();
  return last_reload_;
}

void Daemon::Run() {
  std::signal(SIGPIPE, SIG_IGN);
  signals_ = std::make_unique<SignalWatch>(loop_, std::initializer_list<int>{SIGTERM, SIGINT, SIGHUP},
                                           [this](int signal) { OnSignal(signal); });
  const std::string where = port_ == 0 ? "" : fmt::format(", metrics on port {}", port_);
  const auto count = Counted(static_cast<std::int64_t>(members_.size()), "pipeline");
  Log("", fmt::format("keeps {} in {}{}", count, options_.home, where));
  supervisor_.Tell(fmt::format("READY=1\nSTATUS=keeps {}", count));
  if (supervisor_.heartbeat()) {
    supervisor_.Tell("WATCHDOG=1");
    heartbeat_.After(*supervisor_.heartbeat(), [this] { Heartbeat(); });
  }
  ScheduleAll();
  Wake();
  loop_.Run();

  local_.reset();
  open_.reset();
  unlink((options_.home + "/control.sock").c_str());
  if (runners_.Stop(std::chrono::milliseconds(0)) && lookers_.Stop(std::chrono::milliseconds(0)) &&
      readers_.Stop(std::chrono::milliseconds(0)) && couriers_.Stop(std::chrono::milliseconds(0))) {
    return Log("", "has ended");
  }
  Log("", "has ended; what was under way goes on the next time");
  std::_Exit(0);  // a thread that cannot be interrupted: each stage is committed or done again
}

void Daemon::Heartbeat() {
  supervisor_.Tell("WATCHDOG=1");
  heartbeat_.After(*supervisor_.heartbeat(), [this] { Heartbeat(); });
}

void Daemon::OnSignal(int signal) {
  if (signal != SIGHUP) return Stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
  const auto steady_us = static_cast<std::int64_t>(clock_.SteadyNow().count() * 1e6);
  supervisor_.Tell(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", steady_us));
  const auto& reload = Read();
  supervisor_.Tell(reload.error ? "READY=1\nSTATUS=the new configs have mistakes; the former ones stay in force"
                                : fmt::format("READY=1\nSTATUS=keeps {}", Counted(reload.pipelines, "pipeline")));
}

void Daemon::Stop(std::string_view why) {
  if (stops_) return;
  stops_ = true;
  Log("", fmt::format("ends: {}", why));
  supervisor_.Tell("STOPPING=1");
  const Error ended{.code = "E0403",
                    .message = "the daemon was stopped",
                    .hint = "`retrain up` or `retrain run` goes on where it was"};
  for (auto& [name, member] : members_) {
    member->Retire(ended);
    if (member->stop) member->stop->Raise();
  }
  local_->Stop();
  if (open_) open_->Stop();
  EndWhenQuiet(clock_.SteadyNow() + kEndsWithin);
}

void Daemon::EndWhenQuiet(Steady deadline) {
  bool works = false;
  for (const auto& [name, member] : members_) works |= member->works();
  const bool answers = local_->connections() > 0 && clock_.SteadyNow() + kEndsWithin / 2 < deadline;
  if ((!works && !answers) || clock_.SteadyNow() > deadline) return loop_.Stop();
  end_.After(kEndPoll, [this, deadline] { EndWhenQuiet(deadline); });
}

Member* Daemon::Find(std::string_view name) {
  if (name.empty() && members_.size() == 1) return members_.begin()->second.get();
  const auto member = members_.find(name.empty() ? "default" : std::string(name));
  return member == members_.end() ? nullptr : member->second.get();
}

Member* Daemon::FindNumber(std::uint64_t number) {
  const auto member = by_number_.find(number);
  return member == by_number_.end() ? nullptr : member->second;
}

Status Daemon::Ask(Member& member, Asked asked) {
  if (stops_ || member.is_retired()) {
    return Error{.code = "E0403", .message = "the daemon ends", .hint = "run the same command again when it has"};
  }
  if (member.asked().size() >= kMostAsked) {
    return Error{.code = "E0401",
                 .message = fmt::format("{} runs wait already", member.asked().size()),
                 .hint = "wait until they have ended"};
  }
  if (asked.follower) {
    asked.follower->Begin(200, kEventLines);
    if (member.works() || !member.asked().empty()) asked.follower->Write(WaitEvent("another run is under way") + "\n");
  }
  member.asked().push_back(std::move(asked));
  loop_.Post([this, number = member.number()] {
    if (auto* found = FindNumber(number)) Schedule(*found);
  });
  return Ok();
}

void Daemon::OnChampionMoved(std::uint64_t number) {
  auto* member = FindNumber(number);
  if (member == nullptr) return;
  member->OnChampionMoved(clock_.SteadyNow());
  Schedule(*member);
}

void Daemon::Log(std::string_view who, std::string_view what) {
  fmt::print(stderr, "{} {}: {}\n", ToText(clock_.Now()), who.empty() ? "daemon" : who, what);
}

}  // namespace retrain::app
