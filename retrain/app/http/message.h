#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace retrain::app {

// What a server grants its clients.
struct HttpLimits {
  std::size_t header_bytes = 16'384;          // of one request; more: 431
  std::size_t body_bytes = 1'048'576;         // more: 413
  std::size_t stream_bytes = 4'194'304;       // of a streamed reply that the client has not taken; more: cut off
  std::size_t connections = 1'024;            // at once; more: 503
  std::chrono::milliseconds idle{75'000};     // between two requests
  std::chrono::milliseconds receive{20'000};  // from the first byte of a request to its last; longer: 408
  std::chrono::milliseconds send{20'000};     // without the client taking a byte

  bool operator==(const HttpLimits&) const = default;
};

// A request as its handler sees it. The views hold until the handler returns.
class HttpCall {
 public:
  virtual ~HttpCall() = default;
  virtual std::string_view Header(std::string_view name) const = 0;  // any case; empty: there is none

  std::string_view method;  // "GET"
  std::string_view path;    // "/api/v1/runs": as sent, without the query
  std::string_view query;   // "limit=10": as sent
  std::string_view body;
  bool is_local = false;  // came over the Unix-domain socket, whose file mode says who may
};

struct HttpReply {
  int status = 200;
  std::string_view type = "application/json";  // a constant
  std::string body;
  std::string headers = {};  // further ones, each ended by CRLF
};

// The handler's half of one request: answers it, now or later, from any thread. Answer once: with Send(), or with
// Begin(), any number of Write() and End(). A copy is the same answer; when the last copy goes without one, the client
// gets a 500, and a stream without an end is cut off. An answer to a client that has gone away goes nowhere.
class HttpAnswer final {
 public:
  class Channel {  // of one request to its connection; lives in the loop's thread but for its calls
   public:
    virtual ~Channel() = default;
    virtual void Send(HttpReply reply) = 0;
    virtual void Begin(int status, std::string_view type) = 0;
    virtual void Write(std::string piece) = 0;
    virtual void End() = 0;
    virtual bool IsGone() const = 0;
  };

  explicit HttpAnswer(std::shared_ptr<Channel> channel) : channel_(std::move(channel)) {}
  void Send(HttpReply reply) const { channel_->Send(std::move(reply)); }
  void Begin(int status, std::string_view type) const { channel_->Begin(status, type); }
  void Write(std::string piece) const { channel_->Write(std::move(piece)); }
  void End() const { channel_->End(); }
  bool IsGone() const { return channel_->IsGone(); }  // nobody will read it; known only after a Write()

 private:
  std::shared_ptr<Channel> channel_;
};

// Runs in the loop's thread: what takes longer than a moment is given to another.
using HttpHandler = std::function<void(const HttpCall&, HttpAnswer)>;

// The reply to a fault of the request itself: constant texts, nothing of what was sent comes back.
HttpReply FaultReply(int status);
std::string_view StatusText(int status);  // "Not Found"

}  // namespace retrain::app
