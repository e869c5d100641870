#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "retrain/base/parallel.h"

namespace retrain::app {

// A team of threads for work that is over in microseconds. The caller is one of them; the others look out for work by
// spinning for a while, then sleep. Part p goes to member p mod threads, whose cache holds what that part touched the
// last time; but who has done its own parts takes what others have not begun, so a member that the system has put
// aside holds nobody up. One call of For at a time; not from within a body.
class ThreadTeam final : public Parallel {
 public:
  explicit ThreadTeam(int threads);  // at least 1, at most as many as this process may use processors
  ~ThreadTeam() override;
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int threads() const override { return static_cast<int>(workers_.size()) + 1; }
  void For(int parts, const std::function<void(int)>& body) override;

 private:
  static constexpr int kPartsAtOnce = 64;

  void RunRound(int first, int parts);
  void Work(int member);
  bool TakePart(int member);  // false: no part is left

  std::vector<std::thread> workers_;
  // Of the round that is on; valid while a part of it runs.
  const std::function<void(int)>* body_ = nullptr;
  int first_ = 0;
  alignas(64) std::atomic<std::uint64_t> round_{0};  // its number, times 256, plus the number of its parts
  alignas(64) std::array<std::atomic<std::uint64_t>, kPartsAtOnce> taken_{};  // the last round in which each was taken
  alignas(64) std::atomic<int> done_{0};
  std::atomic<bool> ends_{false};
};

}  // namespace retrain::app
