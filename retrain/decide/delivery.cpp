#include "retrain/decide/delivery.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "retrain/base/random.h"

namespace retrain::decide {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::array<seconds, kMostDeliveryAttempts - 1> kWaits = {
    seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)};
constexpr double kSpread = 0.2;

milliseconds WaitAfter(const DeliveryAttempt& seen) {
  const auto wait = std::chrono::duration_cast<milliseconds>(kWaits[static_cast<std::size_t>(seen.attempt - 1)]);
  const double spread = 1 + kSpread * (2 * Rng(seen.seed + static_cast<std::uint64_t>(seen.attempt)).Uniform() - 1);
  const auto spread_wait = milliseconds(static_cast<std::int64_t>(static_cast<double>(wait.count()) * spread));
  const seconds asked = std::clamp(seen.retry_after.value_or(seconds(0)), seconds(0), seconds(hours(24)));
  return std::max<milliseconds>(spread_wait, asked);
}

}  // namespace

DeliveryDecision DecideDelivery(const DeliveryAttempt& seen) {
  DeliveryDecision decided{.decision = {.subject = "delivery", .fired = true}};
  auto& decision = decided.decision;
  decision.numbers = {{"attempt", seen.attempt}, {"status", seen.status.value_or(0)}};
  const std::string answer = seen.status ? fmt::format("status {}", *seen.status) : "no answer";
  if (seen.status && *seen.status >= 200 && *seen.status < 300) {
    decision.action = "delivered";
    decision.reason = fmt::format("{} at attempt {}", answer, seen.attempt);
  } else if (seen.status == 410) {
    decision.action = "stop";
    decision.reason = "status 410: the receiver wants no more";
  } else if (seen.attempt >= kMostDeliveryAttempts) {
    decision.action = "give up";
    decision.reason = fmt::format("{} at the last of {} attempts", answer, kMostDeliveryAttempts);
  } else {
    const milliseconds wait = WaitAfter(seen);
    decided.retry_at = seen.now + wait;
    decision.fired = false;
    decision.action = "retry";
    decision.reason = fmt::format("{} at attempt {} of {}, again in {:.0f} s", answer, seen.attempt,
                                  kMostDeliveryAttempts, static_cast<double>(wait.count()) / 1e3);
    decision.numbers.emplace_back("wait_seconds", static_cast<double>(wait.count()) / 1e3);
  }
  return decided;
}

}  // namespace retrain::decide
