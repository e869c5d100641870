#pragma once

#include <string>
#include <vector>

#include "retrain/decide/triggers.h"
#include "retrain/pipeline/config.h"
#include "retrain/pipeline/home.h"

namespace retrain::pipeline {

// All triggers of a pipeline, held against what is there.
struct TriggerLook {
  decide::TriggerSnapshot seen;
  decide::TriggersAnswer answer;
  decide::Decision enough_rows;      // the check that every run has to pass, as it would be decided now
  std::vector<std::string> unready;  // files left for later: "feb.parquet (no Parquet footer yet)"
  std::optional<Error> blocked;      // what is wrong with the data paths: no run can begin
};

// What the triggers would decide now. Changes nothing and takes nothing in: files that no run has met yet are looked
// at where they lie. Errors are those of the state.
Result<TriggerLook> LookAtTriggers(Home& home, const Config& config, Instant now);

// The same for who holds the home's lock and has taken in what arrived, or could not: what was measured is kept for
// the next look.
Result<TriggerLook> WatchTriggers(Home& home, const Config& config, Instant now, std::optional<Error> blocked);

std::vector<std::string> DataPaths(const Config& config);  // in the order in which they are taken in

// What a scan of the data paths met, as the body of a journal entry.
Json ToJson(const std::vector<ledger::Sighting>& sightings);

}  // namespace retrain::pipeline
