#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace retrain::app {

// Threads that take jobs in their order. Safe from many threads.
class JobPool final {
 public:
  explicit JobPool(int threads);
  ~JobPool();  // drops what has not begun, waits for the rest
  JobPool(const JobPool&) = delete;
  JobPool& operator=(const JobPool&) = delete;

  void Add(std::function<void()> job);
  std::size_t waiting() const;  // not begun

  // Drops what has not begun and waits for the rest. False: it has not ended in time, and goes on.
  bool Stop(std::chrono::milliseconds patience);

 private:
  void Work();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  int working_ = 0;
  bool ends_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace retrain::app
