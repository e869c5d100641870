#pragma once

#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "retrain/app/http/server.h"

// Private to app/http.
namespace retrain::app {

class Connection;

// "Tue, 24 Nov 2026 08:12:31 GMT", made once a second.
class HttpDate final {
 public:
  std::string_view Now();

 private:
  std::time_t made_at_ = 0;
  std::string text_;
};

// What the connections of one server share.
struct HttpShared {
  EventLoop& loop;
  HttpHandler handler;
  HttpLimits limits;
  bool stops = false;
  HttpDate date = {};
  std::unordered_set<std::shared_ptr<Connection>> connections = {};
};

// One client: reads a request, has it answered, writes the answer, and so on. Nothing is read while a request is being
// answered, so what a client sends ahead waits in the kernel and in one buffer of fixed size.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  using Socket = boost::asio::generic::stream_protocol::socket;
  using Moment = std::chrono::steady_clock::time_point;

  Connection(const std::shared_ptr<HttpShared>& shared, Socket socket, bool is_local);

  void Start();
  void Refuse();                 // answers 503 to whatever comes and ends
  void StopWhenIdle();           // at once, or after the answer under way
  void EndWhenLate(Moment now);  // a client that is too slow
  void Close();

  // The answer to request number `request`; calls for an older one count nothing.
  void Send(std::uint64_t request, HttpReply reply);
  void Begin(std::uint64_t request, int status, std::string_view type);
  void Write(std::uint64_t request, std::string piece);
  void End(std::uint64_t request);
  void CutOff(std::uint64_t request);  // a stream that nobody will end: the client sees that it is not whole

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  enum class Phase { kIdle, kReceiving, kAnswering, kStreaming, kFlushing, kDraining };
  class Call;
  class Channel;

  void NextRequest();
  void Parse();
  void Receive();
  void OnBytes(std::size_t count);
  bool HeaderIsGood();
  void SendContinue();
  void Dispatch();
  void Fail(int status);
  void WriteOut();
  void OnWritten();
  void Drain();
  void Enter(Phase phase, std::chrono::milliseconds allowed);
  std::string Head(int status, std::string_view type, std::string_view framing) const;

  std::shared_ptr<HttpShared> shared_;
  Socket socket_;
  bool is_local_;
  Phase phase_ = Phase::kIdle;
  Moment deadline_{};
  std::vector<char> buffer_;  // bytes [begin_, end_) are not parsed yet
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::optional<Parser> parser_;
  bool header_seen_ = false;
  std::uint64_t request_ = 0;  // the number of the one being answered
  bool keeps_ = true;          // the connection stays after the answer
  bool chunked_ = false;       // the streamed answer under way is
  bool head_only_ = false;     // the request was a HEAD
  bool closed_ = false;
  bool reads_ = false;
  bool writes_ = false;
  std::string writing_;   // on its way to the client
  std::string to_write_;  // after that
};

}  // namespace retrain::app
