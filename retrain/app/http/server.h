#pragma once

#include <memory>
#include <string>

#include "retrain/app/http/listen.h"
#include "retrain/app/http/message.h"
#include "retrain/app/loop/event_loop.h"

namespace retrain::app {

// An HTTP/1.1 server in one event loop: any number of listening sockets, keep-alive, pipelined requests answered in
// their order, chunked requests and replies. What a client may do is bounded by the limits; a malformed request gets
// a constant text and its connection ends. Lives in the loop's thread.
class HttpServer final {
 public:
  HttpServer(EventLoop& loop, HttpHandler handler, const HttpLimits& limits = {});
  ~HttpServer();  // cuts off what is under way
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  void Listen(Descriptor socket, bool is_local);

  // Accepts nobody from here on, ends idle connections, and the others after their answer.
  void Stop();
  std::size_t connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace retrain::app
