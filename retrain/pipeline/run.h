#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/base/clock.h"
#include "retrain/base/ids.h"
#include "retrain/decide/gate.h"
#include "retrain/eval/comparison.h"
#include "retrain/pipeline/state.h"
#include "retrain/train/trainer.h"

namespace retrain::pipeline {

// One stage that ended, or the one at which the run ended.
struct StageRecord {
  std::string name;     // of kStates
  std::string outcome;  // "done", "failed", "skipped"
  std::string found;    // what it found, in a few words: "3 files, 54,210 rows, 16 features"
  double seconds = 0;

  bool operator==(const StageRecord&) const = default;
};

// What the run reads, fixed when it is created or prepared: by digests, so that a run that goes on after a crash sees
// the same bytes.
struct Slice {
  std::vector<ChunkId> chunks;  // in order; kept bytes are in the ledger
  ChunkId watermark;            // the last of them
  std::int64_t rows = 0;
  std::vector<std::string> validation;    // digests of the validation files, with suffix, in order
  std::vector<data::FileRange> training;  // set by prepare
  std::vector<data::FileRange> stopping;
  std::vector<data::FileRange> judged;  // the rows that the gate judges on

  bool operator==(const Slice&) const = default;
};

// One passage from trigger to verdict: the row of a run. A value; RunTable reads and writes it.
struct Run {
  RunId id;
  State state = State::kCreated;
  std::int64_t attempt = 1;  // the claim: counts the processes that took the run up; every later write names it

  std::string trigger;                                // "manual"
  std::string asked_reason;                           // the user's words
  train::Strategy strategy = train::Strategy::kFull;  // what is really done
  std::string strategy_reason;                        // why it differs from what was asked for; empty: it does not
  std::string config;                                 // canonical JSON of the config it runs under
  std::uint64_t seed = 0;

  VersionId base;  // the champion when the run was created; 0: none
  std::int64_t champion_epoch = 0;
  Slice slice;
  std::optional<model::Contract> contract;  // set by prepare

  std::string artifact;  // digest of the candidate, from kTrained on
  Json training;         // epochs, losses, rows
  VersionId version;     // the candidate, from kValidated on
  std::vector<eval::Comparison> comparisons;
  std::vector<decide::SliceComparison>
      slices;  // the first metric on parts of the rows, and on those of earlier windows
  std::optional<decide::Verdict> verdict;

  std::string reason;          // one sentence: why it ended as it did
  std::optional<Error> error;  // when it failed
  std::vector<StageRecord> stages;
  std::vector<std::string> notes;  // what a person should know: files left for later, extra columns, …
  Instant created_at{};
  std::optional<Instant> ended_at;

  bool operator==(const Run&) const = default;
};

Json ToJson(const Run& run);                // everything, to be stored
Result<Run> RunFromJson(const Json& json);  // E0502

// An error as it stands within a run, and back.
Json StoredError(const Error& error);
Error ErrorFromStored(const Json& json);

}  // namespace retrain::pipeline
