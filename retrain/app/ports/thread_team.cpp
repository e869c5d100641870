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

std::uint64_t PartsOf(std::uint64_t ticket) { return (ticket >> 16U) & 0xffffU; }
std::uint64_t NextOf(std::uint64_t ticket) { return ticket & 0xffffU; }

}  // namespace

ThreadTeam::ThreadTeam(int threads) {
  const int count = std::clamp(threads, 1, std::max(1, ProcessorsAllowed()));
  for (int member = 1; member < count; ++member) workers_.emplace_back([this] { Work(); });
}

ThreadTeam::~ThreadTeam() {
  ends_ = true;
  ticket_.fetch_add(std::uint64_t{1} << 32U);  // a round whose parts are all taken
  ticket_.notify_all();
  for (auto& worker : workers_) worker.join();
}

void ThreadTeam::For(int parts, const std::function<void(int)>& body) {
  RETRAIN_ALWAYS(parts < 0x10000);
  if (workers_.empty() || parts <= 1) {
    for (int part = 0; part < parts; ++part) body(part);
    return;
  }
  body_ = &body;
  done_.store(0, std::memory_order_relaxed);
  const auto round = (ticket_.load(std::memory_order_relaxed) >> 32U) + 1;
  ticket_.store(round << 32U | static_cast<std::uint64_t>(parts) << 16U, std::memory_order_release);
  ticket_.notify_all();
  while (TakePart()) continue;
  for (int spins = 0; done_.load(std::memory_order_acquire) < parts; ++spins) {
    spins < kSpins ? Pause() : std::this_thread::yield();
  }
}

bool ThreadTeam::TakePart() {
  auto ticket = ticket_.load(std::memory_order_acquire);
  while (NextOf(ticket) < PartsOf(ticket)) {
    if (!ticket_.compare_exchange_weak(ticket, ticket + 1, std::memory_order_acq_rel)) continue;
    (*body_)(static_cast<int>(NextOf(ticket)));
    done_.fetch_add(1, std::memory_order_release);
    return true;
  }
  return false;
}

void ThreadTeam::Work() {
  while (!ends_) {
    if (TakePart()) continue;
    auto ticket = ticket_.load(std::memory_order_acquire);
    const auto nothing = [&ticket] { return NextOf(ticket) >= PartsOf(ticket); };
    for (int spins = 0; spins < kSpins && nothing() && !ends_; ++spins) {
      Pause();
      ticket = ticket_.load(std::memory_order_acquire);
    }
    if (nothing() && !ends_) ticket_.wait(ticket, std::memory_order_acquire);
  }
}

}  // namespace retrain::app
