#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "retrain/base/clock.h"
#include "retrain/decide/decision.h"

namespace retrain::decide {

// One attempt to tell a receiver of an event, and how it ended.
struct DeliveryAttempt {
  int attempt = 1;                                       // from 1
  std::optional<int> status = {};                        // of HTTP; none: no answer
  std::optional<std::chrono::seconds> retry_after = {};  // that the receiver asked for
  Instant now{};
  std::uint64_t seed = 0;  // of the jitter: one of the event and its receiver

  bool operator==(const DeliveryAttempt&) const = default;
};

inline constexpr int kMostDeliveryAttempts = 10;

// What follows: action "delivered" (any 2xx), "retry", "stop" (410: the receiver wants no more of anything) or "give
// up" (after the last attempt). `retry_at` is set for "retry": 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h
// after an attempt, as the Standard Webhooks specification advises, each spread by a fifth both ways, and not before
// the receiver asked for (a day at most). Pure.
struct DeliveryDecision {
  Decision decision;
  std::optional<Instant> retry_at;

  bool operator==(const DeliveryDecision&) const = default;
};
DeliveryDecision DecideDelivery(const DeliveryAttempt& attempt);

}  // namespace retrain::decide
