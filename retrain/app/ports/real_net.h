#pragma once

#include "retrain/base/net.h"

namespace retrain::app {

// HTTP, HTTPS and SMTP through libcurl, a connection a request. Certificates are checked; proxies come from the usual
// environment variables. Nothing is sent to link-local addresses, whatever name stands for them. Safe from many
// threads.
class RealNet final : public Net {
 public:
  Result<HttpResponse> Send(const HttpRequest& request) override;
  Status SendMail(const Mail& mail) override;  // encrypted when the server offers it, and always when a user logs in
};

}  // namespace retrain::app
