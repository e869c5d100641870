#include "retrain/app/ports/thread_team.h"

#include <sched.h>

#include <algorithm>

#include "retrain/base/result.h"

namespace retrain::app {
namespace {

constexpr int kSpins = 4'000;  // some 50 µs: longer than the gap between two steps of a training

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

int ProcessorsAllowed() {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

std::uint64_t NumberOf(std::uint64_t round) { return round / 256; }
int PartsOf(std::uint64_t round) { return static_cast<int>(round % 256); }

}  // namespace

ThreadTeam::ThreadTeam(int threads) {
  const int count = std::clamp(threads, 1, std::max(1, ProcessorsAllowed()));
  workers_.reserve(static_cast<std::size_t>(count - 1));  // threads() is right before the last one starts
  for (int member = 1; member < count; ++member) workers_.emplace_back([this, member] { Work(member); });
}

ThreadTeam::~ThreadTeam() {
  ends_ = true;
  round_.store((NumberOf(round_.load()) + 1) * 256);  // a round without parts
  round_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadTeam::For(int parts, const std::function<void(int)>& body) {
  if (workers_.empty() || parts <= 1) {
    for (int part = 0; part < parts; ++part) body(part);
    return;
  }
  body_ = &body;
  for (int first = 0; first < parts; first += kPartsAtOnce) RunRound(first, std::min(kPartsAtOnce, parts - first));
}

void ThreadTeam::RunRound(int first, int parts) {
  first_ = first;
  done_.store(0, std::memory_order_relaxed);
  const auto number = NumberOf(round_.load(std::memory_order_relaxed)) + 1;
  round_.store(number * 256 + static_cast<std::uint64_t>(parts), std::memory_order_release);
  round_.notify_all();
  while (TakePart(0)) continue;
  for (int spins = 0; done_.load(std::memory_order_acquire) < parts; ++spins) {
    spins < kSpins ? Pause() : std::this_thread::yield();
  }
}

// A round ends only when all its parts are done, so whoever takes a part of it knows that body_ is this round's; and
// whoever comes late with the number of a round that has ended finds all its parts taken.
bool ThreadTeam::TakePart(int member) {
  const auto round = round_.load(std::memory_order_acquire);
  const int parts = PartsOf(round);
  const auto take = [&](int part) {
    auto& of_part = taken_[static_cast<std::size_t>(part)];
    auto last = of_part.load(std::memory_order_relaxed);
    if (last >= NumberOf(round) || !of_part.compare_exchange_strong(last, NumberOf(round), std::memory_order_acq_rel))
      return false;
    (*body_)(first_ + part);
    done_.fetch_add(1, std::memory_order_release);
    return true;
  };
  for (int part = member; part < parts; part += threads()) {
    if (take(part)) return true;
  }
  for (int part = 0; part < parts; ++part) {
    if (take(part)) return true;
  }
  return false;
}

void ThreadTeam::Work(int member) {
  while (true) {
    const auto seen = round_.load(std::memory_order_acquire);
    if (ends_) return;  // looked at after the round: the last one, which no other follows, is never waited on
    if (TakePart(member)) continue;
    int spins = 0;
    while (spins++ < kSpins && round_.load(std::memory_order_acquire) == seen) Pause();
    if (spins > kSpins) round_.wait(seen, std::memory_order_acquire);
  }
}

}  // namespace retrain::app
