#pragma once

#include <functional>
#include <optional>
#include <string>

#include "retrain/base/net.h"
#include "retrain/pipeline/config.h"
#include "retrain/pipeline/outbox.h"

// An event as each kind of receiver wants it. Pure.
namespace retrain::app {

struct Notice {
  pipeline::Event event;
  std::string source;  // which pipeline: "/retrain/default"
  std::string sentence;
  Json data;

  bool operator==(const Notice&) const = default;
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;

std::optional<std::string> RealEnvironment(const std::string& name);

// `text` with each ${NAME} replaced by that variable. E0106 that names one that is not set, and never its neighbours.
Result<std::string> Expand(const std::string& text, const Environment& environment);

// CloudEvents 1.0 in structured JSON mode: the same bytes however often it is sent.
std::string CloudEvent(const Notice& notice);

// A POST of it with the headers of Standard Webhooks: webhook-id (the event's), webhook-timestamp and, with a secret
// ("whsec_" and base 64), webhook-signature over id, timestamp and body. E0102 for a secret that is none.
Result<HttpRequest> WebhookRequest(const Notice& notice, const std::string& url, const std::string& secret,
                                   Instant now);

HttpRequest SlackRequest(const Notice& notice, const std::string& url);  // {"text": …}

// The message of RFC 5322, with the event's id in its Message-ID.
std::string MailText(const Notice& notice, const std::string& from, const std::vector<std::string>& to);

}  // namespace retrain::app
