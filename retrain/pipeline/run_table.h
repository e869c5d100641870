#pragma once

#include <optional>
#include <vector>

#include "retrain/pipeline/run.h"
#include "retrain/store/database.h"

namespace retrain::pipeline {

// The rows of all runs. The only writer of its table; writes take part in the caller's transaction.
class RunTable final {
 public:
  static Result<RunTable> Open(store::Database& database);

  Result<RunId> Insert(const Run& run);           // run.id is ignored
  Result<Run> Get(RunId id) const;                // E0504
  Result<std::vector<Run>> All() const;           // oldest first
  Result<std::optional<Run>> Unfinished() const;  // the one that has not ended; there is at most one

  // Writes `run` over its row, from the state that the row holds. E0401 when another process has taken the run up
  // meanwhile (its attempt is newer). REQUIRES: CanAdvance(from, run.state).
  Status Advance(State from, const Run& run);

  // Takes an unfinished run up: counts its attempt, so that whoever had it can write no more.
  Result<Run> Claim(RunId id);

 private:
  explicit RunTable(store::Database& database) : database_(&database) {}
  store::Database* database_;
};

}  // namespace retrain::pipeline
