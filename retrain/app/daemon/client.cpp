#include "retrain/app/daemon/client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <cstring>
#include <functional>

#include <curl/curl.h>
#include <fmt/format.h>

#include "retrain/app/daemon/control_api.h"
#include "retrain/app/daemon/roster.h"
#include "retrain/app/daemon/run_events.h"
#include "retrain/app/http/listen.h"

namespace retrain::app {
namespace {

bool Answers(const std::string& socket_file) {
  Descriptor folder;
  const std::string path = ShortSocketPath(socket_file, folder);
  sockaddr_un address{};
  if (path.size() >= sizeof address.sun_path) return false;
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  const Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return connect(client.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

struct Exchange {
  std::string method;
  std::string url;
  std::string body;
  std::function<bool(std::string_view)> on_line = {};  // of an answer 200; false: no more
};

struct Outcome {
  long status = 0;
  std::string body;   // when there is no on_line, or the status is another one
  bool cut = false;   // on_line wanted no more
  std::string fault;  // the daemon went away
};

class Transfer final {
 public:
  Transfer(const std::string& socket_file, const Exchange& exchange)
      : exchange_(exchange), handle_(curl_easy_init()), socket_(ShortSocketPath(socket_file, folder_)) {
    RETRAIN_ALWAYS(handle_ != nullptr);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;
  ~Transfer() { curl_easy_cleanup(handle_); }

  Outcome Perform() {
    curl_easy_setopt(handle_, CURLOPT_UNIX_SOCKET_PATH, socket_.c_str());
    curl_easy_setopt(handle_, CURLOPT_URL, exchange_.url.c_str());
    curl_easy_setopt(handle_, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle_, CURLOPT_PROXY, "");
    if (exchange_.method == "POST") {
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(exchange_.body.size()));
      curl_easy_setopt(handle_, CURLOPT_POSTFIELDS, exchange_.body.c_str());
    }
    curl_easy_setopt(handle_, CURLOPT_WRITEFUNCTION, &Transfer::Receive);
    curl_easy_setopt(handle_, CURLOPT_WRITEDATA, this);
    const CURLcode code = curl_easy_perform(handle_);
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &outcome_.status);
    if (code != CURLE_OK && !outcome_.cut) outcome_.fault = curl_easy_strerror(code);
    return std::move(outcome_);
  }

 private:
  static std::size_t Receive(char* bytes, std::size_t size, std::size_t count, void* self) {
    return static_cast<Transfer*>(self)->Take({bytes, size * count}) ? size * count : 0;
  }

  bool Take(std::string_view bytes) {
    curl_easy_getinfo(handle_, CURLINFO_RESPONSE_CODE, &outcome_.status);
    outcome_.body += bytes;
    if (!exchange_.on_line || outcome_.status != 200) return true;
    std::size_t begin = 0;
    for (auto end = outcome_.body.find('\n'); end != std::string::npos; end = outcome_.body.find('\n', begin)) {
      if (!exchange_.on_line(std::string_view(outcome_.body).substr(begin, end - begin))) {
        outcome_.cut = true;
        return false;
      }
      begin = end + 1;
    }
    outcome_.body.erase(0, begin);
    return true;
  }

  const Exchange& exchange_;
  CURL* handle_;
  Descriptor folder_;
  std::string socket_;
  Outcome outcome_;
};

Error WentAway(RunId run) {
  const std::string which = run ? fmt::format("run {}", run.value) : "the run";
  return {.code = "E0403",
          .message = fmt::format("the daemon ended before {} did", which),
          .hint = "`retrain run` goes on where it was, and so does the next `retrain up`"};
}

Error ErrorOf(const Outcome& outcome) {
  const auto json = ParseJson(outcome.body, "an answer of the daemon");
  if (json.ok() && (*json)["row"].is_object()) return pipeline::ErrorFromStored((*json)["row"]);
  return Error{.code = "E0507", .message = fmt::format("the daemon answered with status {}", outcome.status)};
}

}  // namespace

std::optional<DaemonClient> DaemonClient::Find(const std::string& home) {
  const std::string own = home + "/control.sock";
  if (Answers(own)) return DaemonClient(own, "default");
  const std::string above = RootOf(home) + "/control.sock";
  if (above != own && Answers(above)) return DaemonClient(above, NameOf(home));
  return {};
}

std::string DaemonClient::Url(const std::string& route) const {
  return fmt::format("http://daemon/api/v1/{}{}pipeline={}", route, route.find('?') == std::string::npos ? "?" : "&",
                     pipeline_);
}

Result<pipeline::Run> DaemonClient::Run(const pipeline::Request& request, const std::optional<pipeline::Config>& config,
                                        pipeline::Observer& observer) {
  Json body;
  body.Set("trigger", request.trigger).Set("reason", request.reason);
  if (request.strategy) body.Set("strategy", train::Name(*request.strategy));
  if (config) body.Set("config", ComparableConfig(*config));
  RunReplay replay(observer);
  const Exchange exchange{
      .method = "POST", .url = Url("runs?follow=true"), .body = body.Dump(), .on_line = [&](std::string_view line) {
        return replay.Take(line);
      }};
  const auto outcome = Transfer(socket_, exchange).Perform();
  if (replay.end()) return *replay.end();
  if (outcome.cut) {
    return Error{.code = "E0403",
                 .message = fmt::format("run {} is no longer shown; the daemon goes on with it", replay.run().value),
                 .hint = fmt::format("`retrain runs {}` tells how it ends", replay.run().value)};
  }
  if (!outcome.fault.empty() || outcome.status == 200) return WentAway(replay.run());
  return ErrorOf(outcome);
}

Result<Json> DaemonClient::Ask(const std::string& method, const std::string& route, const std::string& body) {
  const Exchange exchange{.method = method, .url = Url(route), .body = body};
  const auto outcome = Transfer(socket_, exchange).Perform();
  if (!outcome.fault.empty()) {
    return Error{.code = "E0507", .message = fmt::format("no answer from the daemon: {}", outcome.fault)};
  }
  if (outcome.status < 300) return ParseJson(outcome.body, "an answer of the daemon");
  return ErrorOf(outcome);
}

}  // namespace retrain::app
