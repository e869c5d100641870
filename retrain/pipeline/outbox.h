#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/base/clock.h"
#include "retrain/base/json.h"
#include "retrain/store/database.h"

namespace retrain::pipeline {

// What others may want to be told.
inline constexpr std::string_view kEventTypes[] = {"run.finished", "drift.detected", "model.promoted", "model.refused",
                                                   "model.rolled_back"};

// One thing that happened.
struct Event {
  std::string id;    // "evt_" and 32 hexadecimal digits: the same however often it is sent
  std::string type;  // of kEventTypes
  Instant at{};
  std::string subject;  // "run/3", "version/2"
  Json data;            // what cannot be read from the subject: of a move its ends and its reason

  bool operator==(const Event&) const = default;
};

// One event on its way to one receiver.
struct Delivery {
  Event event;
  std::string target;  // the receiver's key
  int attempts = 0;    // so far
  Instant due{};

  bool operator==(const Delivery&) const = default;
};

// Events that are not told yet. Add() takes part in the transaction of the fact, so an event is there exactly when
// what it tells is; it leaves when every receiver has it or was given up. The only writer of its tables. Not safe from
// many threads.
class Outbox final {
 public:
  static Result<Outbox> Open(store::Database& database);

  Status Add(const Event& event);

  // Says who is told of the events that nobody was named for yet: `wants` gives the keys of the receivers of one; none
  // lets it go.
  template <class Wants>
  Status Route(Instant now, Wants wants) {
    TRY(const auto events, Unrouted());
    for (const auto& event : events) TRY_OK(RouteTo(event, wants(event), now));
    return Ok();
  }

  Result<std::vector<std::string>> DueTargets(Instant now) const;  // receivers that something is due to
  Result<std::vector<Delivery>> Due(const std::string& target, Instant now, int most) const;  // in order of the events
  Result<std::optional<Instant>> NextDue(Instant after = Instant::min()) const;  // none: nothing is due after that
  Result<std::int64_t> Waiting() const;                                          // deliveries

  Status Done(const Delivery& delivery);  // delivered, or given up
  // Counts the attempt. What comes after it waits as long: events reach a receiver in their order.
  Status Retry(const Delivery& delivery, Instant due);
  Status StopTarget(const std::string& target, Instant now);  // it wants no more, now or later; its deliveries go
  Result<bool> IsStopped(const std::string& target) const;

 private:
  explicit Outbox(store::Database& database) : database_(&database) {}
  Result<std::vector<Event>> Unrouted() const;
  Status RouteTo(const Event& event, const std::vector<std::string>& targets, Instant now);
  Status Forget(const std::string& event);
  store::Database* database_;
};

}  // namespace retrain::pipeline
