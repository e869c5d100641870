#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "retrain/app/loop/event_loop.h"

namespace retrain::app {

// What app/http builds its sockets on. One thread: Asio needs no locks of its own.
struct EventLoop::State {
  boost::asio::io_context context{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> stays{context.get_executor()};
};

}  // namespace retrain::app
