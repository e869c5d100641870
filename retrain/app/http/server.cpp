#include "retrain/app/http/server.h"

#include <sys/socket.h>
#include <cerrno>
#include <vector>

#include "retrain/app/http/connection.h"
#include "retrain/app/loop/state.h"

namespace retrain::app {
namespace {

constexpr std::chrono::milliseconds kSweep(500);  // how late a client may be found too slow
constexpr std::chrono::milliseconds kPause(100);  // when the process has no descriptor left

}  // namespace

struct HttpServer::State : std::enable_shared_from_this<HttpServer::State> {
  struct Listener {
    Descriptor socket;
    bool is_local;
    std::unique_ptr<Watch> watch;
    std::unique_ptr<Timer> pause;
  };

  State(EventLoop& loop, HttpHandler handler, const HttpLimits& limits)
      : shared(std::make_shared<HttpShared>(HttpShared{loop, std::move(handler), limits})), sweep(loop) {}

  void WatchFor(Listener& listener) {
    listener.pause.reset();
    listener.watch =
        std::make_unique<Watch>(shared->loop, listener.socket.get(), [this, &listener] { Accept(listener); });
  }

  void Accept(Listener& listener) {
    for (;;) {
      const int client = accept4(listener.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (client >= 0) {
        Take(Descriptor(client), listener.is_local);
        continue;
      }
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        listener.pause = std::make_unique<Timer>(shared->loop);
        listener.pause->After(kPause, [this, &listener] { WatchFor(listener); });
        listener.watch.reset();
      }
      return;  // nobody waits
    }
  }

  void Take(Descriptor client, bool is_local) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    if (getsockname(client.get(), reinterpret_cast<sockaddr*>(&address), &size) < 0) return;
    Connection::Socket socket(shared->loop.state().context);
    boost::system::error_code error;
    if (socket.assign({address.ss_family, 0}, client.get(), error).failed()) return;
    client.Release();
    auto connection = std::make_shared<Connection>(shared, std::move(socket), is_local);
    shared->connections.insert(connection);
    if (shared->connections.size() == 1) SweepLater();
    if (shared->connections.size() > shared->limits.connections) return connection->Refuse();
    connection->Start();
  }

  void SweepLater() {
    sweep.After(kSweep, [state = weak_from_this()] {
      if (const auto self = state.lock()) self->Sweep();
    });
  }

  void Sweep() {
    const auto now = std::chrono::steady_clock::now();
    const std::vector<std::shared_ptr<Connection>> all(shared->connections.begin(), shared->connections.end());
    for (const auto& connection : all) connection->EndWhenLate(now);
    if (!shared->connections.empty()) SweepLater();
  }

  std::shared_ptr<HttpShared> shared;
  std::vector<std::unique_ptr<Listener>> listeners;
  Timer sweep;
};

HttpServer::HttpServer(EventLoop& loop, HttpHandler handler, const HttpLimits& limits)
    : state_(std::make_shared<State>(loop, std::move(handler), limits)) {}

HttpServer::~HttpServer() {
  Stop();
  const std::vector<std::shared_ptr<Connection>> all(state_->shared->connections.begin(),
                                                     state_->shared->connections.end());
  for (const auto& connection : all) connection->Close();
}

void HttpServer::Listen(Descriptor socket, bool is_local) {
  state_->listeners.push_back(std::make_unique<State::Listener>());
  auto& listener = *state_->listeners.back();
  listener.socket = std::move(socket);
  listener.is_local = is_local;
  state_->WatchFor(listener);
}

void HttpServer::Stop() {
  state_->shared->stops = true;
  state_->listeners.clear();
  const std::vector<std::shared_ptr<Connection>> all(state_->shared->connections.begin(),
                                                     state_->shared->connections.end());
  for (const auto& connection : all) connection->StopWhenIdle();
}

std::size_t HttpServer::connections() const { return state_->shared->connections.size(); }

}  // namespace retrain::app
