#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace retrain::app {

// The service manager's side of a daemon (systemd's sd_notify protocol): lines such as "READY=1" go as one datagram to
// the socket that NOTIFY_SOCKET names. Without one nothing is sent.
class Supervisor final {
 public:
  static Supervisor FromEnvironment();
  explicit Supervisor(std::string socket = {}, std::optional<std::chrono::milliseconds> watchdog = {})
      : socket_(std::move(socket)), watchdog_(watchdog) {}

  void Tell(const std::string& lines) const;

  // How often a sign of life is expected, halved; empty: nobody asks.
  std::optional<std::chrono::milliseconds> heartbeat() const { return watchdog_; }

 private:
  std::string socket_;
  std::optional<std::chrono::milliseconds> watchdog_;
};

}  // namespace retrain::app
