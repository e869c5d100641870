#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "retrain/base/result.h"

namespace retrain {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds timeout{10'000};
  bool operator==(const HttpRequest&) const = default;
};

struct HttpResponse {
  int status = 0;
  std::string body;
  bool operator==(const HttpResponse&) const = default;
};

// The port to other machines. No redirects are followed. An answer of any status is a value; no answer is an error.
class Net {
 public:
  virtual ~Net() = default;
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
};

}  // namespace retrain
