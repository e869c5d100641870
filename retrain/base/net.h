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
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  bool operator==(const HttpResponse&) const = default;
};

// A letter: `text` is the whole message of RFC 5322.
struct Mail {
  std::string server;  // "smtp://mail.example:587", "smtps://…"
  std::string user = {};
  std::string password = {};
  std::string from;
  std::vector<std::string> to = {};
  std::string text = {};
  std::chrono::milliseconds timeout{10'000};
  bool operator==(const Mail&) const = default;
};

// The port to other machines. No redirects are followed. An answer of any status is a value; no answer is an error.
class Net {
 public:
  virtual ~Net() = default;
  virtual Result<HttpResponse> Send(const HttpRequest& request) = 0;
  virtual Status SendMail(const Mail& mail) = 0;  // Ok: the server has taken it for all receivers. E0507
};

}  // namespace retrain
