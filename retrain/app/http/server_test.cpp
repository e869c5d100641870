#include "retrain/app/http/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <array>
#include <cstring>
#include <future>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/app/ports/temporary_folder.h"

namespace retrain::app {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kGet = "GET /hello?a=1 HTTP/1.1\r\nHost: x\r\n\r\n";

// A client that writes and reads bytes as they are.
class RawClient final {
 public:
  explicit RawClient(int port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    Connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
  }
  explicit RawClient(const std::string& path) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
    Descriptor folder;
    const std::string short_path = ShortSocketPath(path, folder);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, short_path.data(), short_path.size());
    Connect(reinterpret_cast<sockaddr*>(&address), sizeof address);
  }

  RawClient& Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return *this;
  }
  void EndSending() { shutdown(socket_.get(), SHUT_WR); }

  // All bytes until `end` has come, or the server closes.
  std::string ReadUntil(std::string_view end) {
    std::string text;
    std::array<char, 4096> bytes{};
    while (end.empty() || text.find(end) == std::string::npos) {
      const ssize_t count = recv(socket_.get(), bytes.data(), bytes.size(), 0);
      if (count <= 0) break;
      text.append(bytes.data(), static_cast<std::size_t>(count));
    }
    return text;
  }
  std::string ReadToEnd() { return ReadUntil(""); }

 private:
  void Connect(const sockaddr* address, socklen_t size) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    RETRAIN_ALWAYS(connect(socket_.get(), address, size) == 0);
  }
  Descriptor socket_;
};

// A server in a thread of its own that says back what it was asked.
class Server final {
 public:
  explicit Server(HttpLimits limits = {}, HttpHandler handler = Echo) : server_(loop_, std::move(handler), limits) {
    auto tcp = ListenTcp("127.0.0.1:0");
    RETRAIN_ALWAYS(tcp.ok());
    port_ = tcp->port;
    server_.Listen(std::move(tcp->socket), false);
    local_path_ = folder_.path() + "/control.sock";
    auto local = ListenLocal(local_path_);
    RETRAIN_ALWAYS(local.ok());
    server_.Listen(std::move(local).value(), true);
    thread_ = std::thread([this] { loop_.Run(); });
  }
  ~Server() {
    loop_.Stop();
    thread_.join();
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  static void Echo(const HttpCall& call, const HttpAnswer& answer) {
    answer.Send(
        {.type = "text/plain",
         .body = fmt::format("[{} {} {} {} {}]", call.method, call.path, call.query, call.is_local, call.body)});
  }

  template <class Work>
  void InLoop(Work work) {
    std::promise<void> done;
    loop_.Post([&] {
      work(server_);
      done.set_value();
    });
    done.get_future().wait();
  }
  std::string Ask(std::string_view bytes) { return RawClient(port_).Send(bytes).ReadToEnd(); }
  int port() const { return port_; }
  const std::string& local_path() const { return local_path_; }

 private:
  TemporaryFolder folder_;
  EventLoop loop_;
  HttpServer server_;
  int port_ = 0;
  std::string local_path_;
  std::thread thread_;
};

TEST(HttpServer, AnswersOverTcpAndOverASocketFile) {
  Server server;
  const auto over_tcp = RawClient(server.port()).Send(kGet).ReadUntil("]");
  EXPECT_THAT(over_tcp, StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(over_tcp, HasSubstr("\r\nContent-Length: 23\r\n"));
  EXPECT_THAT(over_tcp, EndsWith("\r\n\r\n[GET /hello a=1 false ]"));
  EXPECT_THAT(RawClient(server.local_path()).Send(kGet).ReadUntil("]"), EndsWith("[GET /hello a=1 true ]"));
}

TEST(HttpServer, TheSocketFileIsItsOwnersAlone) {
  Server server;
  struct stat info{};
  ASSERT_EQ(stat(server.local_path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777U, 0600U);
}

TEST(HttpServer, ASocketFileMayLieInAFolderWithALongName) {
  const TemporaryFolder folder;
  const std::string deep = folder.path() + "/" + std::string(120, 'd');
  ASSERT_EQ(mkdir(deep.c_str(), 0700), 0);
  EventLoop loop;
  HttpServer server(loop, Server::Echo);
  auto socket = ListenLocal(deep + "/control.sock");
  ASSERT_TRUE(socket.ok()) << ToText(socket.error());
  server.Listen(std::move(socket).value(), true);
  std::thread thread([&] { loop.Run(); });
  EXPECT_THAT(RawClient(deep + "/control.sock").Send(kGet).ReadUntil("]"), HasSubstr("[GET /hello"));
  loop.Stop();
  thread.join();
}

TEST(HttpServer, KeepsAConnectionAndAnswersPipelinedRequestsInTheirOrder) {
  Server server;
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i) all += fmt::format("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", i);
  client.Send(all);
  std::string got = client.ReadUntil("[GET /49  false ]");
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    const auto next = got.find(fmt::format("[GET /{}  false ]", i), at);
    ASSERT_NE(next, std::string::npos) << i << ": " << got;
    at = next;
  }
  EXPECT_THAT(client.Send(kGet).ReadUntil("]"), EndsWith("[GET /hello a=1 false ]"));
}

TEST(HttpServer, TakesARequestByteByByte) {
  Server server;
  RawClient client(server.port());
  const std::string request = "POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
  for (const char byte : request) client.Send({&byte, 1});
  EXPECT_THAT(client.ReadUntil("]"), EndsWith("[POST /p  false hello]"));
}

TEST(HttpServer, TakesAChunkedBody) {
  Server server;
  RawClient client(server.port());
  client.Send(
      "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;note=1\r\nlo\r\n0\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("]"), EndsWith("[POST /p  false hello]"));
}

TEST(HttpServer, AnswersAnOldClientAndOneThatAsksToClose) {
  Server server;
  EXPECT_THAT(server.Ask("GET / HTTP/1.0\r\n\r\n"), HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(server.Ask("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), EndsWith("[GET /  false ]"));
}

TEST(HttpServer, AHeadHasTheLengthAndNoBody) {
  Server server;
  const auto answer = server.Ask("HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 16\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n"));
}

TEST(HttpServer, SaysGoOnToAClientThatAsksBeforeItsBody) {
  Server server;
  RawClient client(server.port());
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  EXPECT_THAT(client.Send("ok").ReadUntil("]"), EndsWith("[POST /  false ok]"));
}

TEST(HttpServer, AMalformedRequestGetsAConstantTextAndTheEndOfItsConnection) {
  const struct {
    const char* what;
    std::string request;
    int status;
  } cases[] = {
      {"no request line", "hello\r\n\r\n", 400},
      {"a version of the future", "GET / HTTP/3.0\r\nHost: x\r\n\r\n", 505},
      {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"no host", "GET / HTTP/1.1\r\n\r\n", 400},
      {"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"a target that is no path", "GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
      {"a null byte in a header", std::string("GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", 29), 400},
      {"a space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
      {"a length that is no number", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1x\r\n\r\na", 400},
      {"a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
      {"two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na", 400},
      {"a length and chunks",
       "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunks and a length",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n", 400},
      {"an unknown encoding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
      {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a chunk without a size", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400},
      {"a header without an end", "GET / HTTP/1.1\r\nHost: x\r\nA: " + std::string(20'000, 'a'), 431},
      {"many headers", "GET / HTTP/1.1\r\nHost: x\r\n" + std::string(20'000, 'a') + ": b\r\n\r\n", 431},
      {"a body that is announced too long", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n", 413},
      {"a chunk that is announced too long",
       "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n" + std::string(2'000'000, 'a'),
       413},
  };
  Server server;
  for (const auto& c : cases) {
    const auto answer = server.Ask(c.request);
    EXPECT_THAT(answer, StartsWith(fmt::format("HTTP/1.1 {} ", c.status))) << c.what;
    EXPECT_THAT(answer, EndsWith(FaultReply(c.status).body)) << c.what;
  }
  EXPECT_THAT(RawClient(server.port()).Send(kGet).ReadUntil("]"), HasSubstr("200 OK")) << "the server lives";
}

TEST(HttpServer, EndsAClientThatIsTooSlow) {
  Server server({.idle = std::chrono::milliseconds(50), .receive = std::chrono::milliseconds(50)});
  EXPECT_THAT(server.Ask("GET / HTTP/1.1\r\nHos"), StartsWith("HTTP/1.1 408 "));
  EXPECT_EQ(server.Ask(""), "") << "one that says nothing gets nothing";
}

TEST(HttpServer, AClientThatGoesAwayInTheMiddleHarmsNobody) {
  Server server;
  for (const std::string_view part : {"GE", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf", kGet}) {
    RawClient(server.port()).Send(part);
  }
  EXPECT_THAT(RawClient(server.port()).Send(kGet).ReadUntil("]"), HasSubstr("200 OK"));
}

TEST(HttpServer, RefusesMoreConnectionsThanItGrants) {
  Server server({.connections = 2});
  RawClient first(server.port());
  RawClient second(server.port());
  EXPECT_THAT(first.Send(kGet).ReadUntil("]"), HasSubstr("200 OK"));
  EXPECT_THAT(second.Send(kGet).ReadUntil("]"), HasSubstr("200 OK"));
  EXPECT_THAT(server.Ask(kGet), StartsWith("HTTP/1.1 503 "));
  EXPECT_THAT(first.Send(kGet).ReadUntil("]"), HasSubstr("200 OK"));
}

TEST(HttpAnswer, MayComeLaterFromAnotherThread) {
  std::thread other;
  Server server({}, [&](const HttpCall&, const HttpAnswer& answer) {
    other = std::thread([answer] { answer.Send({.body = "late]"}); });
  });
  EXPECT_THAT(RawClient(server.port()).Send(kGet).ReadUntil("]"), EndsWith("\r\n\r\nlate]"));
  other.join();
}

TEST(HttpAnswer, OneThatIsForgottenIsAnErrorOfTheServer) {
  Server server({}, [](const HttpCall&, const HttpAnswer&) {});
  EXPECT_THAT(RawClient(server.port()).Send(kGet).ReadUntil("}}\n"), StartsWith("HTTP/1.1 500 "));
}

TEST(HttpAnswer, OnlyTheFirstAnswerCounts) {
  Server server({}, [](const HttpCall&, const HttpAnswer& answer) {
    answer.Send({.body = "first]"});
    answer.Send({.body = "second]"});
  });
  RawClient client(server.port());
  EXPECT_THAT(client.Send(kGet).ReadUntil("]"), EndsWith("first]"));
  EXPECT_THAT(client.Send(kGet).ReadUntil("]"), EndsWith("first]"));
}

TEST(HttpAnswer, StreamsPiecesAndKeepsTheConnection) {
  std::thread other;
  Server server({}, [&](const HttpCall& call, const HttpAnswer& answer) {
    if (call.path == "/hello") return Server::Echo(call, answer);
    other = std::thread([answer] {
      answer.Begin(200, "application/x-ndjson");
      answer.Write("one\n");
      answer.Write("two\n");
      answer.End();
    });
  });
  RawClient client(server.port());
  const auto answer = client.Send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n").ReadUntil("0\r\n\r\n");
  other.join();
  EXPECT_THAT(answer, HasSubstr("Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\n4\r\none\n\r\n4\r\ntwo\n\r\n0\r\n\r\n"));
  EXPECT_THAT(client.Send(kGet).ReadUntil("]"), EndsWith("[GET /hello a=1 false ]"));
}

TEST(HttpAnswer, OfWhichNobodyWritesTheEndIsCutOffAfterWhatItHas) {
  std::thread other;
  Server server({}, [&](const HttpCall&, const HttpAnswer& answer) {
    other = std::thread([answer] {
      answer.Begin(200, "application/x-ndjson");
      answer.Write("one\n");
    });
  });
  RawClient client(server.port());
  const auto answer = client.Send(kGet).ReadToEnd();
  other.join();
  EXPECT_THAT(answer, EndsWith("\r\n\r\n4\r\none\n\r\n")) << "no chunk of length 0: it is not whole";
}

TEST(HttpAnswer, CutsOffAClientThatDoesNotTakeItsStream) {
  std::promise<void> cut;
  std::thread other;
  Server server({.stream_bytes = 100'000}, [&](const HttpCall&, const HttpAnswer& answer) {
    other = std::thread([&cut, answer] {
      answer.Begin(200, "text/plain");
      while (!answer.IsGone()) answer.Write(std::string(10'000, 'x'));
      cut.set_value();
    });
  });
  RawClient client(server.port());
  client.Send(kGet);
  EXPECT_EQ(cut.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  other.join();
}

TEST(HttpServer, StopEndsIdleConnectionsAndLetsAnAnswerUnderWayFinish) {
  std::promise<HttpAnswer> asked;
  Server server({}, [&](const HttpCall& call, const HttpAnswer& answer) {
    if (call.path == "/wait") return asked.set_value(answer);
    Server::Echo(call, answer);
  });
  RawClient idle(server.port());
  EXPECT_THAT(idle.Send(kGet).ReadUntil("]"), HasSubstr("200 OK"));
  {
    RawClient busy(server.port());
    busy.Send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto answer = asked.get_future().get();
    server.InLoop([](HttpServer& http) { http.Stop(); });
    EXPECT_EQ(idle.ReadToEnd(), "");
    answer.Send({.body = "done"});
    EXPECT_THAT(busy.ReadToEnd(), EndsWith("done"));
  }
  std::size_t left = 1;
  while (left > 0) server.InLoop([&](HttpServer& http) { left = http.connections(); });
}

TEST(Listen, SaysWhatIsWrongWithAnAddress) {
  for (const char* text :
       {"", "8080", "localhost", "localhost:", "localhost:70000", "example:1", "127.0.0.1:8x", "::1:80"}) {
    const auto listener = ListenTcp(text);
    ASSERT_FALSE(listener.ok()) << text;
    EXPECT_EQ(listener.error().code, "E0107") << text;
    EXPECT_THAT(listener.error().message, HasSubstr(text));
  }
  const auto first = ListenTcp("localhost:0");
  ASSERT_TRUE(first.ok());
  EXPECT_TRUE(first->is_loopback);
  const auto second = ListenTcp(fmt::format("127.0.0.1:{}", first->port));
  ASSERT_FALSE(second.ok());
  EXPECT_EQ(second.error().code, "E0404");
}

}  // namespace
}  // namespace retrain::app
