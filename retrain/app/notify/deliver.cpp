#include "retrain/app/notify/deliver.h"

#include <algorithm>
#include <charconv>
#include <thread>

#include <fmt/format.h>

#include "retrain/app/ports/real_clock.h"
#include "retrain/app/ports/real_net.h"
#include "retrain/base/random.h"
#include "retrain/base/sha256.h"
#include "retrain/decide/delivery.h"
#include "retrain/report/event_report.h"

namespace retrain::app {
namespace {

using Target = pipeline::NotificationOptions;

constexpr int kMostAtOnce = 100;  // deliveries of one call

// One delivery, tried.
struct Tried {
  pipeline::Delivery delivery;
  decide::DeliveryDecision decided;
  std::string problem;  // empty: it was delivered
};

// All that is due to one receiver, in order.
struct Batch {
  const Target* target = nullptr;
  std::vector<pipeline::Delivery> deliveries;
  std::vector<Notice> notices;
  std::vector<Tried> tried;
};

Result<Notice> Compose(pipeline::Home& home, const pipeline::Event& event, const std::string& pipeline_name) {
  std::optional<pipeline::Run> run;
  if (event.subject.starts_with("run/")) {
    TRY(run, home.runs().Get(RunId{event.data["run"].AsInt()}));
  }
  return Notice{.event = event,
                .source = "/retrain/" + pipeline_name,
                .sentence = report::EventSentence(event, run),
                .data = report::EventData(event, run)};
}

std::optional<std::chrono::seconds> RetryAfter(const HttpResponse& response) {
  for (const auto& [name, value] : response.headers) {
    std::int64_t seconds = 0;
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (name == "retry-after" && fault == std::errc() && end == value.data() + value.size()) {
      return std::chrono::seconds(seconds);
    }
  }
  return {};
}

Result<HttpResponse> SendMail(const Notice& notice, const Target& target, const Courier& courier) {
  TRY(const auto password, Expand(target.password, courier.environment));
  TRY(const auto server, Expand(target.url, courier.environment));
  const Mail mail{.server = server,
                  .user = target.user,
                  .password = password,
                  .from = target.from,
                  .to = target.to,
                  .text = MailText(notice, target.from, target.to),
                  .timeout = courier.timeout};
  TRY_OK(courier.net.SendMail(mail));
  return HttpResponse{.status = 250};
}

Result<HttpResponse> SendOne(const Notice& notice, const Target& target, const Courier& courier) {
  if (target.type == "email") return SendMail(notice, target, courier);
  TRY(const auto url, Expand(target.url, courier.environment));
  HttpRequest request = SlackRequest(notice, url);
  if (target.type == "webhook") {
    TRY(const auto secret, Expand(target.secret, courier.environment));
    TRY(request, WebhookRequest(notice, url, secret, courier.clock.Now()));
  }
  request.timeout = courier.timeout;
  auto response = courier.net.Send(request);
  // libcurl's words name the address that was asked, which may hold a secret.
  if (!response.ok()) return Error{.code = "E0507", .message = "no answer"};
  return response;
}

// Until one is not delivered: what comes after it would fare no better.
void SendBatch(Batch& batch, const Courier& courier) {
  for (std::size_t i = 0; i < batch.deliveries.size(); ++i) {
    const auto& delivery = batch.deliveries[i];
    const auto response = SendOne(batch.notices[i], *batch.target, courier);
    decide::DeliveryAttempt attempt{.attempt = delivery.attempts + 1,
                                    .now = courier.clock.Now(),
                                    .seed = DeriveSeed(DeriveSeed(0, delivery.event.id), delivery.target)};
    if (response.ok()) {
      attempt.status = response->status;
      attempt.retry_after = RetryAfter(*response);
    }
    Tried tried{.delivery = delivery, .decided = decide::DecideDelivery(attempt)};
    const auto& decision = tried.decided.decision;
    const bool delivered = decision.action == "delivered";
    if (!delivered) {
      const std::string why = response.ok() ? "" : fmt::format(" ({})", response.error().message);
      tried.problem = fmt::format("{} to {} {}: {}{}", delivery.event.type, batch.target->type, decision.action,
                                  decision.reason, why);
    }
    batch.tried.push_back(std::move(tried));
    if (!delivered) return;
  }
}

Status Record(pipeline::Outbox& outbox, const Tried& tried, Instant now) {
  const auto& action = tried.decided.decision.action;
  if (action == "stop") return outbox.StopTarget(tried.delivery.target, now);
  if (tried.decided.retry_at) return outbox.Retry(tried.delivery, *tried.decided.retry_at);
  return outbox.Done(tried.delivery);
}

// What is due, by receiver. What is due to one that has left the config is let go.
Result<std::vector<Batch>> Collect(pipeline::Home& home, const pipeline::Config& config,
                                   const std::string& pipeline_name, Instant now,
                                   const std::vector<std::string>& targets) {
  std::vector<Batch> batches;
  for (const auto& key : targets) {
    const auto target = std::ranges::find(config.notifications, key, TargetKey);
    TRY(const auto due, home.outbox().Due(key, now, kMostAtOnce));
    Batch batch;
    for (const auto& delivery : due) {
      if (target == config.notifications.end()) {
        TRY_OK(home.outbox().Done(delivery));
        continue;
      }
      TRY(auto notice, Compose(home, delivery.event, pipeline_name));
      batch.target = &*target;
      batch.deliveries.push_back(delivery);
      batch.notices.push_back(std::move(notice));
    }
    batches.push_back(std::move(batch));
  }
  return batches;
}

}  // namespace

std::string TargetKey(const Target& target) {
  std::string what = target.type + "\n" + target.url;
  for (const auto& address : target.to) what += "\n" + address;
  return fmt::format("{}-{}", target.type, Sha256Hex(what).substr(0, 16));
}

Result<Outlook> RouteEvents(pipeline::Home& home, const pipeline::Config& config, Instant now) {
  TRY_OK(home.outbox().Route(now, [&](const pipeline::Event& event) {
    std::vector<std::string> keys;
    for (const auto& target : config.notifications) {
      const bool wanted = target.events.empty() || std::ranges::find(target.events, event.type) != target.events.end();
      if (wanted) keys.push_back(TargetKey(target));
    }
    return keys;
  }));
  Outlook outlook;
  TRY(outlook.targets, home.outbox().DueTargets(now));
  TRY(outlook.next, home.outbox().NextDue(now));
  TRY(outlook.waiting, home.outbox().Waiting());
  return outlook;
}

Result<Deliveries> DeliverTo(pipeline::Home& home, const pipeline::Config& config, const std::string& pipeline_name,
                             const Courier& courier, const std::vector<std::string>& targets) {
  const Instant now = courier.clock.Now();
  TRY(auto batches, Collect(home, config, pipeline_name, now, targets));
  std::vector<std::thread> threads;
  for (auto& batch : batches) threads.emplace_back([&batch, &courier] { SendBatch(batch, courier); });
  for (auto& thread : threads) thread.join();
  Deliveries done;
  for (const auto& batch : batches) {
    for (const auto& tried : batch.tried) {
      TRY_OK(Record(home.outbox(), tried, now));
      ++(tried.problem.empty() ? done.delivered : done.failed);
      if (!tried.problem.empty()) done.problems.push_back(tried.problem);
    }
  }
  TRY(done.next, home.outbox().NextDue());
  TRY(done.waiting, home.outbox().Waiting());
  return done;
}

Result<Deliveries> DeliverDue(pipeline::Home& home, const pipeline::Config& config, const std::string& pipeline_name,
                              const Courier& courier) {
  TRY(const auto outlook, RouteEvents(home, config, courier.clock.Now()));
  return DeliverTo(home, config, pipeline_name, courier, outlook.targets);
}

std::vector<std::string> DeliverAfterRun(pipeline::Home& home, const pipeline::Config& config,
                                         const std::string& pipeline_name) {
  RealNet net;
  RealClock clock;
  const Courier courier{
      .net = net, .clock = clock, .environment = RealEnvironment, .timeout = std::chrono::milliseconds(5'000)};
  const auto done = DeliverDue(home, config, pipeline_name, courier);
  return done.ok() ? done->problems : std::vector<std::string>{done.error().message};
}

}  // namespace retrain::app
