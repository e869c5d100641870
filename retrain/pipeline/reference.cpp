#include "retrain/pipeline/reference.h"

#include <fmt/format.h>

#include "retrain/base/parallel.h"

namespace retrain::pipeline {

Result<std::unique_ptr<data::ColumnTable>> OpenTrainingRows(StateFs& files, const Run& run) {
  const data::Schema features{.fields = run.contract->roles.features};
  return data::OpenColumns(files, run.slice.training, {.columns = features.Names(), .expected = &features});
}

Result<drift::Profile> MakeReference(StateFs& files, const Run& run) {
  TRY(const auto training, OpenTrainingRows(files, run));
  Serial serial;
  return drift::MakeProfile(
      *training, {.columns = training->schema().Names(), .categorical = run.contract->roles.categorical}, serial);
}

Result<drift::Profile> LoadReference(Home& home, const registry::Version& version, bool keeps) {
  if (!version.profile.empty()) {
    TRY(const auto bytes, home.artifacts().Read(version.profile));
    return drift::ProfileFromBytes(bytes, fmt::format("the profile of version {}", version.id.value));
  }
  TRY(const auto run, home.runs().Get(version.run));
  TRY(auto made, MakeReference(home.files(), run));
  if (!keeps) return made;
  TRY(const auto digest, home.artifacts().Put(drift::ProfileToBytes(made)));
  TRY_OK(home.registry().KeepProfile(version.id, digest));
  return made;
}

}  // namespace retrain::pipeline
