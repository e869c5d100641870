#include "retrain/app/http/connection.h"

#include <array>
#include <atomic>
#include <tuple>

#include <fmt/format.h>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include "retrain/app/loop/state.h"

namespace retrain::app {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using ErrorCode = boost::system::error_code;

constexpr auto kNever = Connection::Moment::max();
constexpr std::chrono::milliseconds kDrain(2'000);  // for a client to take a last answer before the connection ends

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

int StatusOf(ErrorCode error) {
  if (error == http::error::header_limit || error == http::error::buffer_overflow) return 431;
  if (error == http::error::body_limit) return 413;
  if (error == http::error::bad_version) return 505;
  return 400;
}

}  // namespace

std::string_view HttpDate::Now() {
  const std::time_t now = std::time(nullptr);
  if (now != made_at_) {
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 40> text{};
    text_.assign(text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
    made_at_ = now;
  }
  return text_;
}

class Connection::Call final : public HttpCall {
 public:
  Call(const Parser::value_type& message, bool local) : message_(message) {
    method = View(message.method_string());
    path = View(message.target());
    if (const auto mark = path.find('?'); mark != std::string_view::npos) {
      query = path.substr(mark + 1);
      path = path.substr(0, mark);
    }
    body = message.body();
    is_local = local;
  }
  std::string_view Header(std::string_view name) const override { return View(message_[{name.data(), name.size()}]); }

 private:
  const Parser::value_type& message_;
};

// Calls from other threads go through the loop; those from its own thread are direct.
class Connection::Channel final : public HttpAnswer::Channel {
 public:
  Channel(std::shared_ptr<Connection> connection, std::uint64_t request)
      : loop_(connection->shared_->loop), connection_(std::move(connection)), request_(request) {}
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;
  ~Channel() override {
    if (!answered_) Send(FaultReply(500));
    if (streams_) Here([](Connection& connection, std::uint64_t request) { connection.CutOff(request); });
    // The connection belongs to the loop's thread: it must not end in this one.
    if (!loop_.IsHere()) loop_.Post([last = std::move(connection_)] {});
  }

  void Send(HttpReply reply) override {
    answered_ = true;
    Here([reply = std::move(reply)](Connection& connection, std::uint64_t request) mutable {
      connection.Send(request, std::move(reply));
    });
  }
  void Begin(int status, std::string_view type) override {
    answered_ = streams_ = true;
    Here([=](Connection& connection, std::uint64_t request) { connection.Begin(request, status, type); });
  }
  void Write(std::string piece) override {
    Here([piece = std::move(piece)](Connection& connection, std::uint64_t request) mutable {
      connection.Write(request, std::move(piece));
    });
  }
  void End() override {
    streams_ = false;
    Here([](Connection& connection, std::uint64_t request) { connection.End(request); });
  }
  bool IsGone() const override { return gone_->load(); }

 private:
  template <class Work>
  void Here(Work work) {
    if (loop_.IsHere()) return Do(*connection_, request_, *gone_, work);
    loop_.Post([connection = connection_, request = request_, gone = gone_, work = std::move(work)]() mutable {
      Do(*connection, request, *gone, work);
    });
  }
  template <class Work>
  static void Do(Connection& connection, std::uint64_t request, std::atomic<bool>& gone, Work& work) {
    if (!connection.closed_ && connection.request_ == request) work(connection, request);
    if (connection.closed_) gone = true;
  }

  EventLoop& loop_;
  std::shared_ptr<Connection> connection_;
  std::uint64_t request_;
  std::atomic<bool> answered_ = false;
  std::atomic<bool> streams_ = false;  // begun and not ended
  std::shared_ptr<std::atomic<bool>> gone_ = std::make_shared<std::atomic<bool>>(false);
};

Connection::Connection(const std::shared_ptr<HttpShared>& shared, Socket socket, bool is_local)
    : shared_(shared), socket_(std::move(socket)), is_local_(is_local) {}

void Connection::Start() {
  buffer_.resize(shared_->limits.header_bytes);
  NextRequest();
}

void Connection::Refuse() {
  buffer_.resize(shared_->limits.header_bytes);
  Fail(503);
}

void Connection::StopWhenIdle() {
  keeps_ = false;
  if (phase_ == Phase::kIdle) Close();
}

void Connection::EndWhenLate(Moment now) {
  if (now < deadline_) return;
  if (phase_ == Phase::kReceiving) return Fail(408);
  Close();
}

void Connection::Close() {
  if (closed_) return;
  closed_ = true;
  const auto stays_until_the_end = shared_from_this();
  ErrorCode ignored;
  std::ignore = socket_.shutdown(Socket::shutdown_both, ignored);  // the peer may be gone already
  std::ignore = socket_.close(ignored);
  shared_->connections.erase(stays_until_the_end);
}

void Connection::Enter(Phase phase, std::chrono::milliseconds allowed) {
  phase_ = phase;
  deadline_ = std::chrono::steady_clock::now() + allowed;
}

void Connection::NextRequest() {
  if (shared_->stops) return Close();
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(shared_->limits.header_bytes));
  parser_->body_limit(shared_->limits.body_bytes);
  header_seen_ = false;
  keeps_ = true;
  if (begin_ == end_) {
    Enter(Phase::kIdle, shared_->limits.idle);
    return Receive();
  }
  Enter(Phase::kReceiving, shared_->limits.receive);
  Parse();
}

void Connection::Receive() {
  if (begin_ > 0) {
    std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
              buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) return Fail(431);  // a header that does not fit
  reads_ = true;
  socket_.async_read_some(asio::buffer(buffer_.data() + end_, buffer_.size() - end_),
                          [self = shared_from_this()](ErrorCode error, std::size_t count) {
                            self->reads_ = false;
                            if (self->closed_) return;
                            if (error) return self->Close();
                            self->OnBytes(count);
                          });
}

void Connection::OnBytes(std::size_t count) {
  end_ += count;
  if (phase_ == Phase::kDraining) return Drain();
  if (phase_ == Phase::kFlushing) return;  // late: the answer is on its way already
  if (phase_ == Phase::kIdle) Enter(Phase::kReceiving, shared_->limits.receive);
  Parse();
}

void Connection::Parse() {
  while (begin_ < end_ && !parser_->is_done()) {
    ErrorCode error;
    const std::size_t used = parser_->put(asio::buffer(buffer_.data() + begin_, end_ - begin_), error);
    begin_ += used;
    if (error == http::error::need_more) break;
    if (error) return Fail(StatusOf(error));
    if (parser_->is_header_done() && !header_seen_) {
      header_seen_ = true;
      if (!HeaderIsGood()) return;
      parser_->eager(true);
    }
    if (used == 0) break;
  }
  if (parser_->is_done()) return Dispatch();
  Receive();
}

// What Beast's grammar lets through and a server must not.
bool Connection::HeaderIsGood() {
  const auto& message = parser_->get();
  const auto target = View(message.target());
  const bool encoded = message.count(http::field::transfer_encoding) > 0;
  int status = 0;
  if (message.version() != 10 && message.version() != 11) status = 505;
  if (target.empty() || target[0] != '/') status = 400;
  if (message.version() == 11 && message.count(http::field::host) != 1) status = 400;
  if (message.count(http::field::content_length) > 1) status = 400;
  if (encoded && (message.version() == 10 || message.count(http::field::content_length) > 0)) status = 400;
  if (encoded && !parser_->chunked()) status = 501;
  if (const auto length = parser_->content_length(); length && *length > shared_->limits.body_bytes) status = 413;
  if (status != 0) {
    Fail(status);
    return false;
  }
  if (boost::beast::iequals(message[http::field::expect], "100-continue") && !parser_->is_done()) SendContinue();
  return true;
}

void Connection::SendContinue() {
  ErrorCode ignored;  // a client that is gone shows at the next read; 25 bytes fit into any socket's buffer
  asio::write(socket_, asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n")), ignored);
}

void Connection::Dispatch() {
  const auto& message = parser_->get();
  keeps_ = message.keep_alive() && !shared_->stops;
  head_only_ = message.method() == http::verb::head;
  phase_ = Phase::kAnswering;
  deadline_ = kNever;
  const HttpAnswer answer(std::make_shared<Channel>(shared_from_this(), ++request_));
  shared_->handler(Call(message, is_local_), answer);
}

void Connection::Fail(int status) {
  ++request_;
  keeps_ = false;
  head_only_ = false;
  phase_ = Phase::kAnswering;
  Send(request_, FaultReply(status));
}

std::string Connection::Head(int status, std::string_view type, std::string_view framing) const {
  return fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\nContent-Type: {}\r\n{}{}", status, StatusText(status),
                     shared_->date.Now(), type, framing, keeps_ ? "" : "Connection: close\r\n");
}

void Connection::Send(std::uint64_t request, HttpReply reply) {
  if (phase_ != Phase::kAnswering || request != request_) return;
  to_write_ += Head(reply.status, reply.type, fmt::format("Content-Length: {}\r\n", reply.body.size()));
  to_write_ += reply.headers;
  to_write_ += "\r\n";
  if (!head_only_) to_write_ += reply.body;
  Enter(Phase::kFlushing, shared_->limits.send);
  WriteOut();
}

void Connection::Begin(std::uint64_t request, int status, std::string_view type) {
  if (phase_ != Phase::kAnswering || request != request_) return;
  chunked_ = parser_->get().version() == 11;
  if (!chunked_) keeps_ = false;
  to_write_ += Head(status, type, chunked_ ? "Transfer-Encoding: chunked\r\nCache-Control: no-store\r\n" : "") + "\r\n";
  phase_ = Phase::kStreaming;
  WriteOut();
}

void Connection::Write(std::uint64_t request, std::string piece) {
  if (phase_ != Phase::kStreaming || request != request_ || piece.empty() || head_only_) return;
  if (to_write_.size() + piece.size() > shared_->limits.stream_bytes) return Close();  // it does not read
  to_write_ += chunked_ ? fmt::format("{:x}\r\n{}\r\n", piece.size(), piece) : piece;
  WriteOut();
}

void Connection::End(std::uint64_t request) {
  if (phase_ != Phase::kStreaming || request != request_) return;
  if (chunked_ && !head_only_) to_write_ += "0\r\n\r\n";
  Enter(Phase::kFlushing, shared_->limits.send);
  WriteOut();
}

void Connection::CutOff(std::uint64_t request) {
  if (phase_ != Phase::kStreaming || request != request_) return;
  keeps_ = false;
  Enter(Phase::kFlushing, shared_->limits.send);
  WriteOut();
}

void Connection::WriteOut() {
  if (writes_ || closed_) return;
  if (to_write_.empty()) return OnWritten();
  writes_ = true;
  writing_.swap(to_write_);
  to_write_.clear();
  deadline_ = std::chrono::steady_clock::now() + shared_->limits.send;
  asio::async_write(socket_, asio::buffer(writing_), [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->writes_ = false;
    if (self->closed_) return;
    if (error) return self->Close();
    if (!self->to_write_.empty()) return self->WriteOut();
    self->OnWritten();
  });
}

void Connection::OnWritten() {
  if (phase_ == Phase::kStreaming) {
    deadline_ = kNever;
    return;
  }
  if (phase_ != Phase::kFlushing) return;
  if (keeps_) return NextRequest();
  ErrorCode ignored;
  std::ignore = socket_.shutdown(Socket::shutdown_send, ignored);
  Enter(Phase::kDraining, kDrain);
  Drain();
}

// Closing a socket that holds unread bytes would throw away what the client has not read of its answer.
void Connection::Drain() {
  begin_ = end_ = 0;
  if (!reads_) Receive();
}

}  // namespace retrain::app
