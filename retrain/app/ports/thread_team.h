#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <thread>
#include <vector>

#include "retrain/base/parallel.h"

namespace retrain::app {

// A team of threads for work that is over in microseconds. The caller is one of them; the others look out for work by
// spinning for a while, then sleep. Whoever is free takes the next part, so a member that the system has put aside
// holds nobody up. One call of For at a time; not from within a body.
class ThreadTeam final : public Parallel {
 public:
  explicit ThreadTeam(int threads);  // at least 1, at most as many as this process may use processors
  ~ThreadTeam() override;
  ThreadTeam(const ThreadTeam&) = delete;
  ThreadTeam& operator=(const ThreadTeam&) = delete;

  int threads() const override { return static_cast<int>(workers_.size()) + 1; }
  void For(int parts, const std::function<void(int)>& body) override;  // at most 65,535 parts

 private:
  void Work();
  bool TakePart();  // false: no part is left

  std::vector<std::thread> workers_;
  const std::function<void(int)>* body_ = nullptr;  // of the round that ticket_ shows; valid while a part of it runs
  // The round (32 bits), its parts (16) and the next of them to take (16), in one word: who takes a part knows that its
  // round is still on.
  alignas(64) std::atomic<std::uint64_t> ticket_{0};
  alignas(64) std::atomic<int> done_{0};
  std::atomic<bool> ends_{false};
};

}  // namespace retrain::app
