#pragma once

#include <string>

#include "retrain/app/ports/descriptor.h"
#include "retrain/base/result.h"

namespace retrain::app {

struct TcpListener {
  Descriptor socket;
  int port = 0;
  bool is_loopback = false;
};

// Listens on "127.0.0.1:8080", "[::1]:0" or "localhost:8080"; port 0: any free one. E0107 for what is no address of
// numbers, E0404 when it is taken.
Result<TcpListener> ListenTcp(const std::string& address);

// Listens on a socket file that only its owner may use (0600), also below folders with long names. A file that is there
// already is replaced. REQUIRES: the caller knows that nobody listens on it.
Result<Descriptor> ListenLocal(const std::string& path);

// A path of the same socket file that fits into a socket address; `folder` has to stay open while it is used.
std::string ShortSocketPath(const std::string& path, Descriptor& folder);

}  // namespace retrain::app
