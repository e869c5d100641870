#pragma once

#include <string>

#include "retrain/pipeline/home.h"
#include "retrain/train/trainer.h"

namespace retrain::pipeline {

// Whether a version's training, done again from what is kept, gives the same bytes.
struct Reproduction {
  VersionId version;
  std::string expected;  // the version's digest
  std::string digest;    // that of the bytes it gives now
  bool same() const { return digest == expected; }

  bool operator==(const Reproduction&) const = default;
};

// Trains the version's job anew: the same rows, base, options and seed. Leaves the home as it was. Errors of the state,
// of kept data that are damaged, and of the training. REQUIRES: the caller holds the home's lock.
Result<Reproduction> Reproduce(Home& home, train::Trainer& trainer, VersionId version,
                               const train::OnProgress& on_progress);

}  // namespace retrain::pipeline
