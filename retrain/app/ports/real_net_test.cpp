#include "retrain/app/ports/real_net.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <algorithm>
#include <cstdlib>
#include <map>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include "retrain/app/ports/descriptor.h"
#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_random.h"
#include "retrain/testing/clock_conformance.h"
#include "retrain/testing/net_conformance.h"

namespace retrain::testing {
namespace {

// A web server of one thread and few words, on a free port of this machine.
class SmallServer final {
 public:
  SmallServer() : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    RETRAIN_ALWAYS(bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    RETRAIN_ALWAYS(listen(socket_.get(), 8) == 0);
    RETRAIN_ALWAYS(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Serve(); });
  }
  ~SmallServer() {
    shutdown(socket_.get(), SHUT_RDWR);
    thread_.join();
  }
  SmallServer(const SmallServer&) = delete;
  SmallServer& operator=(const SmallServer&) = delete;

  int port() const { return port_; }
  void Answer(const std::string& request, const std::string& response) {
    const std::lock_guard lock(mutex_);
    answers_[request] = response;
  }
  std::string last_request() {
    const std::lock_guard lock(mutex_);
    return last_;
  }

 private:
  void Serve() {
    for (;;) {
      const app::Descriptor caller(accept(socket_.get(), nullptr, nullptr));
      if (caller.get() < 0) return;
      const std::string request = Receive(caller.get());
      std::string response = "HTTP/1.1 501 No\r\nContent-Length: 0\r\n\r\n";
      {
        const std::lock_guard lock(mutex_);
        last_ = request;
        const auto known = answers_.find(request.substr(0, request.find(" HTTP/")));
        if (known != answers_.end()) response = known->second;
      }
      RETRAIN_ALWAYS(send(caller.get(), response.data(), response.size(), 0) == static_cast<ssize_t>(response.size()));
    }
  }

  static std::string Receive(int caller) {
    std::string request;
    char buffer[4096];
    for (std::size_t whole = std::string::npos; request.size() < whole;) {
      const ssize_t count = recv(caller, buffer, sizeof buffer, 0);
      if (count <= 0) break;
      request.append(buffer, static_cast<std::size_t>(count));
      const auto head = request.find("\r\n\r\n");
      const auto length = request.find("Content-Length: ");
      if (head == std::string::npos) continue;
      whole = head + 4 + (length < head ? std::stoul(request.substr(length + 16)) : 0);
    }
    return request;
  }

  app::Descriptor socket_;
  int port_ = 0;
  std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::string last_;
  std::thread thread_;
};

class LocalWorld final : public NetUnderTest {
 public:
  LocalWorld() { setenv("no_proxy", "127.0.0.1", 1); }
  Net& net() override { return net_; }
  std::string Url(const std::string& path) override {
    return fmt::format("http://127.0.0.1:{}{}", server_.port(), path);
  }
  std::string DeadUrl() override { return "http://127.0.0.1:1/"; }
  void Answer(const std::string& method, const std::string& path, const HttpResponse& response) override {
    server_.Answer(
        fmt::format("{} {}", method, path),
        fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\nLocation: /elsewhere\r\nConnection: close\r\n\r\n{}",
                    response.status, response.body.size(), response.body));
  }
  HttpRequest LastRequest() override {
    const std::string text = server_.last_request();
    HttpRequest request{.method = text.substr(0, text.find(' '))};
    std::size_t begin = text.find("\r\n") + 2;
    for (auto end = text.find("\r\n", begin); end > begin; begin = end + 2, end = text.find("\r\n", begin)) {
      const auto colon = text.find(": ", begin);
      if (colon < end)
        request.headers.emplace_back(text.substr(begin, colon - begin), text.substr(colon + 2, end - colon - 2));
    }
    request.body = text.substr(begin + 2);
    return request;
  }

 private:
  SmallServer server_;
  app::RealNet net_;
};

std::unique_ptr<NetUnderTest> MakeLocal() { return std::make_unique<LocalWorld>(); }
std::unique_ptr<Clock> MakeRealClock() { return std::make_unique<app::RealClock>(); }
std::unique_ptr<Random> MakeRealRandom() { return std::make_unique<app::RealRandom>(); }

INSTANTIATE_TEST_SUITE_P(Real, NetConformance, ::testing::Values(&MakeLocal));
INSTANTIATE_TEST_SUITE_P(Real, ClockConformance, ::testing::Values(&MakeRealClock));
INSTANTIATE_TEST_SUITE_P(Real, RandomConformance, ::testing::Values(&MakeRealRandom));

TEST(RealNet, FollowsNoRedirectAndSpeaksNoOtherProtocol) {
  LocalWorld world;
  world.Answer("GET", "/moved", {.status = 302, .body = ""});
  EXPECT_EQ(world.net().Send({.url = world.Url("/moved")})->status, 302);
  EXPECT_FALSE(world.net().Send({.url = "file:///etc/hostname"}).ok());
}

TEST(RealNet, SendsNothingToLinkLocalAddresses) {
  app::RealNet net;
  for (const char* url : {"http://169.254.169.254/latest", "http://[::ffff:169.254.169.254]/", "http://[fe80::1%25lo]/",
                          "http://2852039166/"}) {  // the first one as a single number
    const auto answer = net.Send({.method = "POST", .url = url, .body = "x"});
    ASSERT_FALSE(answer.ok()) << url;
    EXPECT_EQ(answer.error().code, "E0507");
    EXPECT_NE(answer.error().message.find("it is a link-local address"), std::string::npos) << answer.error().message;
  }
  const auto mail = net.SendMail({.server = "smtp://169.254.1.1", .from = "a@b.example", .to = {"c@d.example"}});
  ASSERT_FALSE(mail.ok());
  EXPECT_NE(mail.error().message.find("link-local"), std::string::npos);
}

}  // namespace
}  // namespace retrain::testing
