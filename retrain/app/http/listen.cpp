#include "retrain/app/http/listen.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <cerrno>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "retrain/base/state_fs.h"

namespace retrain::app {
namespace {

constexpr int kBacklog = 512;
constexpr std::size_t kLongestSocketPath = sizeof(sockaddr_un::sun_path) - 1;

Error CannotListen(const std::string& where, int error) {
  if (error == EADDRINUSE) {
    return {.code = "E0404",
            .message = fmt::format("{} is taken by another process", where),
            .hint = "choose another port with --listen, or stop who listens there"};
  }
  return {.code = "E0107",
          .message = fmt::format("cannot listen on {}: {}", where, std::strerror(error)),
          .hint = "an address of this machine with a port, such as `--listen 127.0.0.1:8080`"};
}

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
};

// Empty host or port: no address.
Result<Address> Parse(const std::string& text) {
  const auto colon = text.rfind(':');
  std::string host = text.substr(0, colon == std::string::npos ? 0 : colon);
  const std::string port_text = colon == std::string::npos ? "" : text.substr(colon + 1);
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
  const bool good_port = fault == std::errc() && end == port_text.data() + port_text.size();
  if (host == "localhost") host = "127.0.0.1";
  Address address;
  auto* v4 = reinterpret_cast<sockaddr_in*>(&address.bytes);
  auto* v6 = reinterpret_cast<sockaddr_in6*>(&address.bytes);
  if (good_port && inet_pton(AF_INET, host.c_str(), &v4->sin_addr) == 1) {
    v4->sin_family = AF_INET;
    v4->sin_port = htons(port);
    address.size = sizeof *v4;
    return address;
  }
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (good_port && bracketed && inet_pton(AF_INET6, host.substr(1, host.size() - 2).c_str(), &v6->sin6_addr) == 1) {
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(port);
    address.size = sizeof *v6;
    return address;
  }
  return Error{.code = "E0107",
               .message = fmt::format("`{}` is no address with a port", text),
               .hint = "such as `--listen 127.0.0.1:8080`, or `[::1]:8080`"};
}

bool IsLoopback(const Address& address) {
  if (address.bytes.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&address.bytes);
    return ntohl(v4->sin_addr.s_addr) >> 24U == 127;
  }
  return IN6_IS_ADDR_LOOPBACK(&reinterpret_cast<const sockaddr_in6*>(&address.bytes)->sin6_addr);
}

}  // namespace

Result<TcpListener> ListenTcp(const std::string& text) {
  TRY(auto address, Parse(text));
  TcpListener listener{.is_loopback = IsLoopback(address)};
  listener.socket = Descriptor(socket(address.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (listener.socket.get() < 0) return CannotListen(text, errno);
  const int yes = 1;
  setsockopt(listener.socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  auto* where = reinterpret_cast<sockaddr*>(&address.bytes);
  if (bind(listener.socket.get(), where, address.size) < 0 || listen(listener.socket.get(), kBacklog) < 0 ||
      getsockname(listener.socket.get(), where, &address.size) < 0) {
    return CannotListen(text, errno);
  }
  listener.port = ntohs(address.bytes.ss_family == AF_INET ? reinterpret_cast<sockaddr_in*>(where)->sin_port
                                                           : reinterpret_cast<sockaddr_in6*>(where)->sin6_port);
  return listener;
}

std::string ShortSocketPath(const std::string& path, Descriptor& folder) {
  if (path.size() <= kLongestSocketPath) return path;
  folder = Descriptor(open(ParentFolder(path).c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  return fmt::format("/proc/self/fd/{}/{}", folder.get(), BaseName(path));
}

Result<Descriptor> ListenLocal(const std::string& path) {
  Descriptor folder;
  const std::string short_path = ShortSocketPath(path, folder);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (short_path.size() > kLongestSocketPath) return CannotListen(path, ENAMETOOLONG);
  std::memcpy(address.sun_path, short_path.data(), short_path.size());
  Descriptor listener(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (listener.get() < 0) return CannotListen(path, errno);
  if (unlink(path.c_str()) < 0 && errno != ENOENT) return CannotListen(path, errno);
  fchmod(listener.get(), 0600);  // the mode that bind() gives the file: there is no moment in which others may connect
  if (bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) < 0 ||
      chmod(path.c_str(), 0600) < 0 || listen(listener.get(), kBacklog) < 0) {
    return CannotListen(path, errno);
  }
  return listener;
}

}  // namespace retrain::app
