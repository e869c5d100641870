#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/decide/triggers.h"
#include "retrain/pipeline/journal.h"
#include "retrain/store/database.h"

namespace retrain::pipeline {

// The last look at a trigger. Looks that say the same are one: they are counted and not journalled again.
struct LastLook {
  decide::TriggerAnswer answer;  // with the newest numbers
  Instant from{};                // since when it says so
  Instant until{};
  std::int64_t times = 1;
  std::int64_t journal_entry = 0;  // that tells of it first

  bool operator==(const LastLook&) const = default;
};

// What is remembered of triggers: their states, the last look at each, and what was measured for them. The only writer
// of its tables; writes take part in the caller's transaction.
class TriggerTable final {
 public:
  static Result<TriggerTable> Open(store::Database& database);

  Result<decide::TriggerStates> States() const;
  Result<std::optional<LastLook>> Last(std::string_view trigger) const;

  // Stores the states, and journals each trigger's decision (kind "check") that fired or says something else than
  // last time. `run` is the one that it starts; 0: none.
  Status Record(const decide::TriggersAnswer& answer, Instant now, RunId run, Journal& journal);

  // A run that somebody asked for by a trigger's name counts as its firing. Triggers never seen before count from now.
  Status RecordByHand(const std::vector<decide::TriggerOptions>& triggers, std::string_view name,
                      const decide::TriggerSnapshot& seen);

  // Numbers that follow from a version and chunks alone, kept so that a later look need not measure again. Those of
  // other versions are forgotten.
  Result<std::optional<Json>> Measurement(VersionId version, std::string_view what) const;
  Status KeepMeasurement(VersionId version, std::string_view what, const Json& numbers);

 private:
  explicit TriggerTable(store::Database& database) : database_(&database) {}
  Status SetState(const decide::TriggerState& state);
  store::Database* database_;
};

}  // namespace retrain::pipeline
