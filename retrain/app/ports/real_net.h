#pragma once

#include "retrain/base/net.h"

namespace retrain::app {

// HTTP and HTTPS through libcurl, a connection a request. Certificates are checked; proxies come from the usual
// environment variables. Safe from many threads.
class RealNet final : public Net {
 public:
  Result<HttpResponse> Send(const HttpRequest& request) override;
};

}  // namespace retrain::app
