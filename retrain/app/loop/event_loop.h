#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>

namespace retrain::app {

// One thread that waits for everything at once: sockets, files, signals and the passing of time. All that is asked of
// it happens in the thread that is in Run(); Post() and Stop() alone may be called from any other.
class EventLoop final {
 public:
  using Work = std::function<void()>;

  EventLoop();
  ~EventLoop();
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void Run();   // until Stop(), also when there is nothing to wait for; not at all after one
  void Stop();  // ends Run() after the callback under way; what is left over is dropped
  void Post(Work work);
  bool IsHere() const;  // the caller is in a callback of this loop

  struct State;  // Asio's part, for the fence of app/loop and app/http
  State& state() { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

// Calls back once, after a while. A new After() takes the place of the one before. Destroying it cancels.
class Timer final {
 public:
  explicit Timer(EventLoop& loop);
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;

  void After(std::chrono::milliseconds wait, EventLoop::Work work);
  void Cancel();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// Calls back each time that a descriptor has something to read. The descriptor is borrowed and outlives it.
class Watch final {
 public:
  Watch(EventLoop& loop, int descriptor, EventLoop::Work readable);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// Calls back with the number of each signal that arrives, outside of the signal handler. One object a signal and
// process.
class SignalWatch final {
 public:
  SignalWatch(EventLoop& loop, std::initializer_list<int> signals, std::function<void(int)> arrived);
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace retrain::app
