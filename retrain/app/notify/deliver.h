#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/app/notify/messages.h"
#include "retrain/base/clock.h"
#include "retrain/pipeline/home.h"

namespace retrain::app {

// With whom and with what events are delivered. Borrowed parts outlive the call; `net` is safe from many threads.
struct Courier {
  Net& net;
  Clock& clock;
  Environment environment;
  std::chrono::milliseconds timeout{10'000};  // of one request: a receiver that hangs costs no more
};

// What became of what was due.
struct Deliveries {
  std::int64_t delivered = 0;
  std::int64_t failed = 0;            // tried, and not delivered
  std::int64_t waiting = 0;           // still on their way
  std::optional<Instant> next;        // when to try again
  std::vector<std::string> problems;  // a sentence each, without secrets

  bool operator==(const Deliveries&) const = default;
};

// What there is to deliver.
struct Outlook {
  std::vector<std::string> targets;  // keys of the receivers that something is due to
  std::optional<Instant> next;       // when more will be
  std::int64_t waiting = 0;          // deliveries, due or not

  bool operator==(const Outlook&) const = default;
};

// Says who is to be told of what happened since the last look, and to whom something is due.
Result<Outlook> RouteEvents(pipeline::Home& home, const pipeline::Config& config, Instant now);

// Sends these receivers what is due, each its events one after another, all receivers at once. At least once: a
// receiver may get an event again, with the same id, when this process dies between the answer and the row. REQUIRES:
// the caller holds the home's lock, and nobody else sends to them now.
Result<Deliveries> DeliverTo(pipeline::Home& home, const pipeline::Config& config, const std::string& pipeline_name,
                             const Courier& courier, const std::vector<std::string>& targets);

// Both, for all receivers.
Result<Deliveries> DeliverDue(pipeline::Home& home, const pipeline::Config& config, const std::string& pipeline_name,
                              const Courier& courier);

// The same at the end of a run without a daemon: one attempt each, 5 s a receiver at most. What fails waits for the
// next run or daemon. The sentences of what went wrong.
std::vector<std::string> DeliverAfterRun(pipeline::Home& home, const pipeline::Config& config,
                                         const std::string& pipeline_name);

// The key under which a receiver's deliveries stand: of what it is, not of its place in the config.
std::string TargetKey(const pipeline::NotificationOptions& target);

}  // namespace retrain::app
