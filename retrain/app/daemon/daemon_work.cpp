#include <fmt/format.h>

#include "retrain/app/daemon/daemon.h"
#include "retrain/app/daemon/run_events.h"
#include "retrain/report/run_report.h"

// The daemon at work: what DecideStep says is carried out in threads, whose outcomes come back into the loop.
namespace retrain::app {
namespace {

constexpr std::chrono::milliseconds kLongestSleep(1'000);  // so that a clock that somebody set is noticed

// Tells the followers of a run, and the daemon which run it is.
class Reporter final : public EventObserver {
 public:
  Reporter(std::function<void(RunId)> begun, Tell tell, std::function<bool()> stop)
      : EventObserver(std::move(tell), std::move(stop)), begun_(std::move(begun)) {}
  void OnStart(const pipeline::Run& run, bool goes_on) override {
    begun_(run.id);
    EventObserver::OnStart(run, goes_on);
  }

 private:
  std::function<void(RunId)> begun_;
};

}  // namespace

void Daemon::Schedule(Member& member) {
  const auto number = member.number();
  if (const auto old = planned_.find(number); old != planned_.end()) {
    agenda_.erase({old->second, number});
    planned_.erase(old);
  }
  if (member.is_retired() && !member.works() && !stops_) {
    watch_->Remove(number);
    by_number_.erase(number);
    const std::string name = member.entry().name;
    Log(name, "left the config; its home is let go");
    members_.erase(name);
    return;
  }
  const Steady now = clock_.SteadyNow();
  const Instant wall = clock_.Now();
  Step step = DecideStep(member.At(wall, now));
  if (step.act != Act::kWait) Carry(member, step.act);
  if (member.deliver_at() <= wall) CarryDelivery(member);
  if (member.deliver_at() != kNoInstant)
    step.wait = std::min<std::chrono::milliseconds>(step.wait, member.deliver_at() - wall);
  if (step.wait == kNoWait) return;
  const Steady at = now + std::chrono::duration_cast<Steady>(step.wait);
  planned_[number] = at;
  const bool is_next = agenda_.empty() || at < agenda_.begin()->first;
  agenda_.insert({at, number});
  if (is_next) tick_.After(std::min(step.wait, kLongestSleep), [this] { Wake(); });
}

void Daemon::ScheduleAll() {
  std::vector<Member*> all;
  for (const auto& [name, member] : members_) all.push_back(member.get());
  for (auto* member : all) Schedule(*member);
}

void Daemon::Wake() {
  if (stops_) return;
  const Steady now = clock_.SteadyNow();
  if (const auto jump = clock_watch_.Observe(clock_.Now(), now)) {
    Log("", fmt::format("the clock was set {} by {:.1f} s", jump->count() < 0 ? "back" : "ahead",
                        std::abs(static_cast<double>(jump->count())) / 1e3));
    ScheduleAll();
  }
  while (!agenda_.empty() && agenda_.begin()->first <= now) {
    const auto number = agenda_.begin()->second;
    planned_.erase(number);
    agenda_.erase(agenda_.begin());
    if (auto* member = FindNumber(number)) Schedule(*member);
  }
  auto sleep = kLongestSleep;
  if (!agenda_.empty()) {
    const double left_s = (agenda_.begin()->first - clock_.SteadyNow()).count();
    if (left_s < 1)
      sleep = std::chrono::milliseconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(left_s * 1e3)));
  }
  tick_.After(sleep, [this] { Wake(); });
}

void Daemon::Carry(Member& member, Act act) {
  member.OnBegin(act);
  switch (act) {
    case Act::kExamine: return CarryLook(member, true);
    case Act::kLook: return CarryLook(member, false);
    case Act::kScan: return CarryScan(member);
    default: return CarryRun(member, act);
  }
}

void Daemon::CarryLook(Member& member, bool recovers) {
  const Place place{.home = member.entry().home, .program = options_.program};
  lookers_.Add([this, recovers, place, beside = member.runs(), number = member.number(), config = member.config()] {
    const auto look = [&]() -> Result<Sight> {
      if (recovers) TRY_OK(Recover(place));
      return beside ? LookBesideRun(place, *config) : Look(place, *config);
    };
    auto sight = look();
    loop_.Post([this, number, sight = std::move(sight)] { OnLooked(number, sight); });
  });
}

void Daemon::OnLooked(std::uint64_t number, const Result<Sight>& sight) {
  auto* member = FindNumber(number);
  if (member == nullptr) return;
  const Steady now = clock_.SteadyNow();
  if (!sight.ok()) {
    if (member->error() != sight.error()) Log(member->entry().name, ToText(sight.error()));
    member->OnLookError(sight.error(), now);
  } else {
    member->OnSight(*sight, now);
    if (member->is_replaced()) member->stop->Raise();
    if (watch_->Set(number, sight->data.folders)) member->OnFilesChanged(now);  // what came before the watch stood
  }
  Schedule(*member);
}

void Daemon::CarryScan(Member& member) {
  lookers_.Add([this, number = member.number(), path = member.config()->data.new_data_path] {
    const auto data = LookAtFolders(files_, path);
    loop_.Post([this, number, data] {
      auto* found = FindNumber(number);
      if (found == nullptr) return;
      found->OnScan(data, clock_.SteadyNow());
      watch_->Set(number, data.folders);
      Schedule(*found);
    });
  });
}

std::unique_ptr<pipeline::Observer> Daemon::MakeObserver(const Member& member) {
  const auto post = [this, number = member.number()](auto work) {
    loop_.Post([this, number, work = std::move(work)] {
      if (auto* found = FindNumber(number)) work(*found);
    });
  };
  return std::make_unique<Reporter>(
      [post](RunId run) { post([run](Member& found) { found.set_run_under_way(run.value); }); },
      [post](std::string line) { post([line = std::move(line)](Member& found) { found.Tell(line); }); },
      [stop = member.stop] { return stop->raised(); });
}

void Daemon::CarryRun(Member& member, Act act) {
  member.stop = std::make_shared<StopSignal>();
  pipeline::Request request{.trigger = "manual", .reason = "goes on after an interruption"};
  if (act == Act::kRunAsked) {
    request = member.asked().front().request;
    const auto follower = member.asked().front().follower;
    member.asked().pop_front();
    if (follower) member.Follow(*follower);
  }
  const Place place{.home = member.entry().home, .program = options_.program};
  const std::shared_ptr<pipeline::Observer> observer = MakeObserver(member);
  runners_.Add(
      [this, act, place, request, observer, number = member.number(), config = member.config(), stop = member.stop] {
        Result<std::optional<pipeline::Run>> outcome = std::optional<pipeline::Run>();
        if (act == Act::kRunFired) {
          outcome = RunFired(place, *config, *observer, stop);
        } else {
          auto run = RunAsked(place, *config, request, *observer, stop);
          outcome = run.ok() ? Result<std::optional<pipeline::Run>>(std::optional(*std::move(run))) : run.error();
        }
        loop_.Post([this, number, outcome = std::move(outcome)] { OnRunEnd(number, outcome); });
      });
}

// Each receiver has a job of its own: one that hangs holds up no other.
void Daemon::CarryDelivery(Member& member) {
  member.set_deliver_at(kNoInstant);
  const Place place{.home = member.entry().home};
  couriers_.Add([this, place, number = member.number(), config = member.config()] {
    auto outlook = LookForReceivers(place, *config);
    loop_.Post([this, number, outlook = std::move(outlook)] {
      auto* found = FindNumber(number);
      if (found == nullptr) return;
      if (!outlook.ok()) return DeliverLater(*found, outlook.error());
      found->OnOutlook(*outlook);
      for (const auto& target : outlook->targets) {
        if (found->BeginTelling(target)) CarryTelling(*found, target);
      }
      Schedule(*found);
    });
  });
}

void Daemon::CarryTelling(Member& member, const std::string& target) {
  const Place place{.home = member.entry().home};
  couriers_.Add([this, place, target, number = member.number(), config = member.config(), name = member.entry().name] {
    auto outcome = Deliver(place, *config, name, net_, target);
    loop_.Post([this, number, target, outcome = std::move(outcome)] {
      auto* found = FindNumber(number);
      if (found == nullptr) return;
      found->EndTelling(target);
      if (!outcome.ok()) return DeliverLater(*found, outcome.error());
      for (const auto& problem : outcome->problems) Log(found->entry().name, problem);
      found->set_deliver_at(clock_.Now());  // what came meanwhile
      Schedule(*found);
    });
  });
}

void Daemon::DeliverLater(Member& member, const Error& error) {
  Log(member.entry().name, ToText(error));
  member.set_deliver_at(clock_.Now() + RetryDelay(3));
  Schedule(member);
}

void Daemon::OnRunEnd(std::uint64_t number, const Result<std::optional<pipeline::Run>>& outcome) {
  auto* member = FindNumber(number);
  if (member == nullptr) return;
  const Steady now = clock_.SteadyNow();
  if (!outcome.ok()) {
    member->EndFollowing(EndEvent(outcome.error()));
    if (outcome.error().code == "E0403") {
      member->OnStopped();
    } else {
      Log(member->entry().name, ToText(outcome.error()));
      member->OnError(outcome.error(), now);
    }
  } else if (!*outcome) {
    member->OnFiredNoMore(now);
  } else {
    member->EndFollowing(EndEvent(**outcome));
    Log(member->entry().name, report::VerdictSentence(**outcome));
    member->OnRun(**outcome, now);
  }
  Schedule(*member);
}

}  // namespace retrain::app
