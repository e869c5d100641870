#pragma once

#include <string>
#include <vector>

#include "retrain/base/clock.h"
#include "retrain/base/ids.h"
#include "retrain/base/json.h"
#include "retrain/store/database.h"

namespace retrain::pipeline {

// One line of the journal. `hash` covers the line and the hash of the one before it.
struct JournalEntry {
  std::int64_t number = 0;  // from 1, without gaps
  Instant at{};
  RunId run;         // 0: belongs to no run
  std::string kind;  // "setup", "trigger", "stage", "gate", "promotion", "rollback", "data", "check"
  Json body;         // a Decision, or what happened
  std::string hash;

  bool operator==(const JournalEntry&) const = default;
};

// All that was decided and done, in order, also what was decided not to do. Append takes part in the caller's
// transaction: an entry is there exactly when its effect is. The only writer of its table.
class Journal final {
 public:
  static Result<Journal> Open(store::Database& database);

  Status Append(Instant at, RunId run, std::string_view kind, const Json& body);
  Result<std::string> LastHash() const;                 // of the newest entry; empty: there is none
  Result<std::int64_t> Last() const;                    // number of the newest entry; 0: there is none
  Result<JournalEntry> Get(std::int64_t number) const;  // E0504
  Result<std::vector<JournalEntry>> Of(RunId run) const;
  Result<std::vector<JournalEntry>> All() const;

  // E0502 that names the first entry that is missing or altered.
  Status Verify() const;

 private:
  explicit Journal(store::Database& database) : database_(&database) {}
  store::Database* database_;
};

}  // namespace retrain::pipeline
