#include "retrain/app/daemon/member.h"

#include <algorithm>

#include "retrain/app/daemon/run_events.h"
#include "retrain/report/run_report.h"

namespace retrain::app {
namespace {

constexpr Steady kScanEvery{60.0};

}  // namespace

Situation Member::At(Instant now, Steady steady) const {
  return {.now = now,
          .steady = steady,
          .stops = stops_,
          .works = looks(),
          .runs = runs(),
          .examined = examined_,
          .unfinished = unfinished_,
          .asked = static_cast<int>(asked_.size()),
          .fired = fired_,
          .replaces = fired_ && sight_->fired->replaces,
          .first_change = first_change_,
          .last_change = last_change_,
          .look_at = sight_ ? sight_->look_at : kNoInstant,
          .scan_at = scan_at_,
          .retry_at = retry_at_};
}

std::string_view Member::StateName() const {
  if (runs()) return "running";
  if (works()) return "looking";
  if (stops_) return "stopping";
  return error_ ? "waiting" : "idle";
}

void Member::LookSoon(Steady now) {
  last_change_ = now;
  if (!first_change_) first_change_ = now;
}

void Member::OnFilesChanged(Steady now) {
  LookSoon(now);
  errors_ = 0;  // new files may be the cure
}

void Member::OnChampionMoved(Steady now) {
  LookSoon(now);
  deliver_at_ = Instant{};
}

void Member::OnBegin(Act act) {
  if (runs()) {
    looks_beside_ = true;
  } else {
    act_ = act;
  }
  if (act == Act::kLook || act == Act::kExamine || act == Act::kRunFired) first_change_ = last_change_ = {};
}

void Member::EndLook() {
  if (looks_beside_) {
    looks_beside_ = false;
  } else {
    act_ = Act::kWait;
  }
}

void Member::OnSight(const Sight& sight, Steady now) {
  if (!looks_beside_) unfinished_ = sight.unfinished;
  EndLook();
  if (!examined_) deliver_at_ = Instant{};  // what was not told before the daemon began
  examined_ = true;
  error_.reset();
  errors_ = 0;
  retry_at_ = {};
  scan_at_ = now + kScanEvery;
  sight_ = sight;
  fired_ = sight.fired.has_value();
  counts_.looks += 1;
  counts_.fired += fired_ ? 1 : 0;
}

void Member::OnRun(const pipeline::Run& run, Steady now) {
  act_ = Act::kWait;
  unfinished_ = fired_ = false;
  error_.reset();
  errors_ = 0;
  retry_at_ = {};
  run_under_way_ = 0;
  const std::string status = report::StatusOf(run);
  ++counts_.runs[{std::string(train::Name(run.strategy)), run.trigger, status}];
  for (const auto& stage : run.stages) counts_.run_seconds += stage.seconds;
  deliver_at_ = Instant{};  // at once
  if (run.state != pipeline::State::kFailed) counts_.last_success = run.ended_at;
  LookSoon(now);
}

void Member::OnFiredNoMore(Steady now) {
  act_ = Act::kWait;
  fired_ = false;
  LookSoon(now);
}

void Member::OnLookError(const Error& error, Steady now) {
  EndLook();
  Rest(error, now);
}

void Member::OnError(const Error& error, Steady now) {
  act_ = Act::kWait;
  run_under_way_ = 0;
  Rest(error, now);
}

void Member::Rest(const Error& error, Steady now) {
  error_ = error;
  ++errors_;
  ++counts_.errors;
  retry_at_ = now + std::chrono::duration_cast<Steady>(RetryDelay(errors_));
  scan_at_ = now + kScanEvery;
}

void Member::OnStopped() {
  act_ = Act::kWait;
  unfinished_ = true;
  run_under_way_ = 0;
}

void Member::OnOutlook(const Outlook& outlook) {
  undelivered_ = outlook.waiting;
  deliver_at_ = std::min(deliver_at_, outlook.next.value_or(kNoInstant));
}

bool Member::OnScan(const DataFolders& data, Steady now) {
  act_ = Act::kWait;
  scan_at_ = now + kScanEvery;
  const bool changed = sight_ && sight_->data.fingerprint != data.fingerprint;
  if (changed) OnFilesChanged(now);
  return changed;
}

void Member::set_config(std::shared_ptr<const pipeline::Config> config, Steady now) {
  config_ = std::move(config);
  errors_ = 0;
  retry_at_ = {};
  LookSoon(now);
}

void Member::Retire(const Error& why) {
  stops_ = true;
  for (const auto& asked : asked_) {
    if (!asked.follower) continue;
    asked.follower->Write(EndEvent(why) + "\n");
    asked.follower->End();
  }
  asked_.clear();
}

void Member::Follow(const HttpAnswer& answer) {
  answer.Begin(200, kEventLines);
  for (const auto& line : events_) answer.Write(line + "\n");
  followers_.push_back(answer);
}

void Member::Tell(const std::string& line) {
  if (!line.starts_with(R"({"event":"progress")")) events_.push_back(line);
  std::erase_if(followers_, [](const HttpAnswer& follower) { return follower.IsGone(); });
  for (const auto& follower : followers_) follower.Write(line + "\n");
}

void Member::EndFollowing(const std::string& line) {
  for (const auto& follower : followers_) {
    follower.Write(line + "\n");
    follower.End();
  }
  followers_.clear();
  events_.clear();
}

}  // namespace retrain::app
