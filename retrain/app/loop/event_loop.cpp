#include "retrain/app/loop/event_loop.h"

#include <utility>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "retrain/app/loop/state.h"

namespace retrain::app {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;

EventLoop::EventLoop() : state_(std::make_unique<State>()) {}
EventLoop::~EventLoop() = default;

void EventLoop::Run() { state_->context.run(); }

void EventLoop::Stop() { state_->context.stop(); }

void EventLoop::Post(Work work) { asio::post(state_->context, std::move(work)); }

bool EventLoop::IsHere() const { return state_->context.get_executor().running_in_this_thread(); }

// A callback holds its state alive; `wanted` tells whether the owner still is.
struct Timer::State {
  explicit State(asio::io_context& context) : timer(context) {}
  asio::steady_timer timer;
  std::uint64_t round = 0;  // of the latest After(): an older one that is on its way already counts no more
};

Timer::Timer(EventLoop& loop) : state_(std::make_shared<State>(loop.state().context)) {}
Timer::~Timer() { Cancel(); }

void Timer::After(std::chrono::milliseconds wait, EventLoop::Work work) {
  const std::uint64_t round = ++state_->round;
  state_->timer.expires_after(wait);
  state_->timer.async_wait([state = state_, round, work = std::move(work)](ErrorCode error) {
    if (!error && state->round == round) work();
  });
}

void Timer::Cancel() {
  ++state_->round;
  state_->timer.cancel();
}

struct Watch::State : std::enable_shared_from_this<Watch::State> {
  State(asio::io_context& context, int number, EventLoop::Work work)
      : descriptor(context, number), readable(std::move(work)) {}

  void Wait() {
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read, [state = shared_from_this()](ErrorCode error) {
      if (error || state->ended) return;
      state->readable();
      if (!state->ended) state->Wait();
    });
  }

  asio::posix::stream_descriptor descriptor;
  EventLoop::Work readable;
  bool ended = false;
};

Watch::Watch(EventLoop& loop, int descriptor, EventLoop::Work readable)
    : state_(std::make_shared<State>(loop.state().context, descriptor, std::move(readable))) {
  state_->Wait();
}

Watch::~Watch() {
  state_->ended = true;
  state_->descriptor.release();  // it is the owner's; cancels the wait
}

struct SignalWatch::State : std::enable_shared_from_this<SignalWatch::State> {
  State(asio::io_context& context, std::function<void(int)> call) : signals(context), arrived(std::move(call)) {}

  void Wait() {
    signals.async_wait([state = shared_from_this()](ErrorCode error, int signal) {
      if (error || state->ended) return;
      state->arrived(signal);
      if (!state->ended) state->Wait();
    });
  }

  asio::signal_set signals;
  std::function<void(int)> arrived;
  bool ended = false;
};

SignalWatch::SignalWatch(EventLoop& loop, std::initializer_list<int> signals, std::function<void(int)> arrived)
    : state_(std::make_shared<State>(loop.state().context, std::move(arrived))) {
  for (const int signal : signals) state_->signals.add(signal);
  state_->Wait();
}

SignalWatch::~SignalWatch() {
  state_->ended = true;
  state_->signals.cancel();
}

}  // namespace retrain::app
