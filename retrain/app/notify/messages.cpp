#include "retrain/app/notify/messages.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "retrain/base/signature.h"

namespace retrain::app {
namespace {

constexpr std::string_view kTypePrefix = "io.omgkit.retrain.";
constexpr std::string_view kSecretPrefix = "whsec_";

// A header line holds no line feed, and what is not ASCII as RFC 2047 writes it.
std::string HeaderText(std::string text) {
  std::ranges::replace_if(text, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  const bool plain = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 127; });
  return plain ? text : fmt::format("=?utf-8?B?{}?=", ToBase64(text));
}

std::string Joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace

std::optional<std::string> RealEnvironment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Result<std::string> Expand(const std::string& text, const Environment& environment) {
  std::string expanded;
  std::size_t at = 0;
  for (auto begin = text.find("${"); begin != std::string::npos; begin = text.find("${", at)) {
    const auto end = text.find('}', begin);
    if (end == std::string::npos) break;
    const std::string name = text.substr(begin + 2, end - begin - 2);
    const auto value = environment(name);
    if (!value) {
      return Error{.code = "E0106",
                   .message = fmt::format("the environment variable {} is not set", name),
                   .where = {.key = "notifications"},
                   .hint = fmt::format("set {} where `retrain up` or `retrain run` starts", name)};
    }
    expanded += text.substr(at, begin - at) + *value;
    at = end + 1;
  }
  return expanded + text.substr(at);
}

std::string CloudEvent(const Notice& notice) {
  Json data;
  data.Set("sentence", notice.sentence).Set("details", notice.data);
  Json json;
  json.Set("specversion", "1.0")
      .Set("id", notice.event.id)
      .Set("source", notice.source)
      .Set("type", std::string(kTypePrefix) + notice.event.type)
      .Set("subject", notice.event.subject)
      .Set("time", retrain::ToText(notice.event.at))
      .Set("datacontenttype", "application/json")
      .Set("data", data);
  return json.Dump();
}

Result<HttpRequest> WebhookRequest(const Notice& notice, const std::string& url, const std::string& secret,
                                   Instant now) {
  const auto timestamp = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  HttpRequest request{.method = "POST", .url = url, .body = CloudEvent(notice)};
  request.headers = {{"Content-Type", "application/cloudevents+json"},
                     {"webhook-id", notice.event.id},
                     {"webhook-timestamp", std::to_string(timestamp)}};
  if (secret.empty()) return request;
  const auto key = FromBase64(secret.starts_with(kSecretPrefix) ? secret.substr(kSecretPrefix.size()) : secret);
  if (!key) {
    return Error{.code = "E0102",
                 .message = "the secret of a webhook is no base 64",
                 .where = {.key = "notifications.secret"},
                 .hint = "the receiver shows it as `whsec_…`"};
  }
  const auto signature = HmacSha256(*key, fmt::format("{}.{}.{}", notice.event.id, timestamp, request.body));
  request.headers.emplace_back("webhook-signature", "v1," + ToBase64(signature));
  return request;
}

HttpRequest SlackRequest(const Notice& notice, const std::string& url) {
  Json body;
  body.Set("text", fmt::format("{}: {}", notice.source, notice.sentence));
  return {.method = "POST", .url = url, .headers = {{"Content-Type", "application/json"}}, .body = body.Dump()};
}

std::string MailText(const Notice& notice, const std::string& from, const std::vector<std::string>& to) {
  const auto at = std::chrono::floor<std::chrono::seconds>(notice.event.at);
  const auto details = notice.data.Dump(2);
  std::string body = fmt::format("{}\n\n{}\n", notice.sentence, details);
  std::string text =
      fmt::format("From: {}\r\nTo: {}\r\nSubject: {}\r\nDate: {:%a, %d %b %Y %H:%M:%S} +0000\r\n", HeaderText(from),
                  HeaderText(Joined(to)), HeaderText(fmt::format("[retrain] {}", notice.sentence)),
                  fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
  text += fmt::format(
      "Message-ID: <{}@retrain>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
      "Content-Transfer-Encoding: 8bit\r\n\r\n",
      notice.event.id);
  for (const char c : body) {
    if (c == '\n') text += '\r';
    text += c;
  }
  return text;
}

}  // namespace retrain::app
