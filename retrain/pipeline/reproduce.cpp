#include "retrain/pipeline/reproduce.h"

#include <fmt/format.h>

#include "retrain/base/sha256.h"
#include "retrain/pipeline/fields.h"
#include "retrain/pipeline/train_job.h"

namespace retrain::pipeline {

Result<Reproduction> Reproduce(Home& home, train::Trainer& trainer, VersionId version,
                               const train::OnProgress& on_progress) {
  TRY(const auto known, home.registry().Get(version));
  TRY(const auto run, home.runs().Get(known.run));
  TRY(const auto stored, ParseJson(run.config, fmt::format("the config of run {}", run.id.value)));
  TRY(const auto config, ConfigFromJson(stored));
  TRY(const auto job, TrainJobOf(home, config, run, home.WorkFile(run.id, "again")));
  const auto outcome = trainer.Train(job, on_progress);
  if (home.files().Exists(job.checkpoint)) TRY_OK(home.files().Unlink(job.checkpoint));
  if (!outcome.ok()) return outcome.error();
  return Reproduction{.version = version, .expected = known.digest, .digest = Sha256Hex(outcome->artifact)};
}

}  // namespace retrain::pipeline
