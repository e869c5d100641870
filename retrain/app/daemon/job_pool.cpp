#include "retrain/app/daemon/job_pool.h"

#include <utility>

namespace retrain::app {

JobPool::JobPool(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

JobPool::~JobPool() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
    jobs_.clear();
  }
  changed_.notify_all();
  for (auto& thread : threads_) thread.join();
}

void JobPool::Add(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    if (ends_) return;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
}

std::size_t JobPool::waiting() const {
  const std::lock_guard lock(mutex_);
  return jobs_.size();
}

bool JobPool::Stop(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  ends_ = true;
  jobs_.clear();
  changed_.notify_all();
  return changed_.wait_for(lock, patience, [this] { return working_ == 0; });
}

void JobPool::Work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return ends_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    ++working_;
    lock.unlock();
    job();
    job = nullptr;
    lock.lock();
    --working_;
    if (ends_) changed_.notify_all();
  }
}

}  // namespace retrain::app
