#include "retrain/app/daemon/supervisor.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "retrain/app/ports/descriptor.h"

namespace retrain::app {

Supervisor Supervisor::FromEnvironment() {
  const char* socket = std::getenv("NOTIFY_SOCKET");
  const char* period_us = std::getenv("WATCHDOG_USEC");
  const char* process = std::getenv("WATCHDOG_PID");
  std::optional<std::chrono::milliseconds> heartbeat;
  const bool is_meant = process == nullptr || std::atoi(process) == getpid();
  if (period_us != nullptr && is_meant) {
    const std::int64_t us = std::strtoll(period_us, nullptr, 10);
    if (us > 0) heartbeat = std::max(std::chrono::milliseconds(10), std::chrono::milliseconds(us / 2'000));
  }
  return Supervisor(socket != nullptr ? socket : "", heartbeat);
}

void Supervisor::Tell(const std::string& lines) const {
  sockaddr_un address{};
  if (socket_.empty() || socket_.size() >= sizeof address.sun_path) return;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (socket_[0] == '@') address.sun_path[0] = '\0';  // an abstract socket: no file
  const Descriptor out(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  sendto(out.get(), lines.data(), lines.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), size);
}

}  // namespace retrain::app
