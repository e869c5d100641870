#include "retrain/pipeline/reference.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/parallel.h"
#include "retrain/base/random.h"
#include "retrain/model/artifact.h"
#include "retrain/pipeline/importance.h"
#include "retrain/pipeline/predictions.h"
#include "retrain/train/mlp/reservoir.h"

namespace retrain::pipeline {
namespace {

// Rows of a run's files that its model did not learn from.
struct HeldOut {
  std::vector<data::NumberColumn> predictions;  // on all of them
  train::mlp::Reservoir sample;
};

Result<HeldOut> ReadHeldOut(StateFs& files, const Run& run, const model::Model& model) {
  const auto& contract = *run.contract;
  auto ranges = run.slice.stopping;
  if (run.slice.validation.empty()) ranges.insert(ranges.end(), run.slice.judged.begin(), run.slice.judged.end());
  HeldOut held_out{
      .predictions = PredictionColumns(contract),
      .sample = {contract, RowsForImportance(std::ssize(contract.roles.features)), DeriveSeed(run.seed, "importance")}};
  const train::FileSlice rows(files, std::move(ranges), contract);
  TRY_OK(train::ForEachFrame(rows, contract, [&](const train::LabelledRows& labelled) -> Status {
    TRY(const auto scores, model.Predict(labelled.rows));
    Append(scores, held_out.predictions);
    held_out.sample.Add(labelled);
    return Ok();
  }));
  return held_out;
}

Status AddPredictions(std::vector<data::NumberColumn> predictions, Parallel& parallel, drift::Profile& profile) {
  TRY(auto counted, drift::MakeProfile(data::NumberColumns(std::move(predictions)), {}, parallel));
  for (auto& column : counted.columns) {
    column.predicted = true;
    profile.columns.push_back(std::move(column));
  }
  return Ok();
}

}  // namespace

Result<std::unique_ptr<data::ColumnTable>> OpenTrainingRows(StateFs& files, const Run& run) {
  const data::Schema features{.fields = run.contract->roles.features};
  return data::OpenColumns(files, run.slice.training, {.columns = features.Names(), .expected = &features});
}

Result<drift::Profile> MakeReference(StateFs& files, const Run& run, const model::Model& model) {
  const auto& roles = run.contract->roles;
  TRY(const auto training, OpenTrainingRows(files, run));
  Serial serial;
  TRY(auto profile,
      drift::MakeProfile(*training, {.columns = training->schema().Names(), .categorical = roles.categorical}, serial));
  TRY(auto held_out, ReadHeldOut(files, run, model));
  if (held_out.sample.rows() == 0) return profile;
  TRY_OK(AddPredictions(std::move(held_out.predictions), serial, profile));
  const auto frame = held_out.sample.ToFrame();
  TRY(const auto importance,
      ImportanceOf(model, {frame, held_out.sample.targets(), held_out.sample.weights()}, run.seed));
  for (std::size_t i = 0; i < importance.size(); ++i) {
    auto column = std::ranges::find(profile.columns, roles.features[i].name, &drift::ColumnProfile::name);
    column->importance = importance[i];
  }
  return profile;
}

Result<drift::Profile> LoadReference(Home& home, const registry::Version& version, bool keeps) {
  if (!version.profile.empty()) {
    TRY(const auto bytes, home.artifacts().Read(version.profile));
    return drift::ProfileFromBytes(bytes, fmt::format("the profile of version {}", version.id.value));
  }
  TRY(const auto run, home.runs().Get(version.run));
  TRY(const auto artifact, home.registry().LoadArtifact(version.id));
  TRY(const auto model, model::LoadModel(artifact));
  TRY(auto made, MakeReference(home.files(), run, *model));
  if (!keeps) return made;
  TRY(const auto digest, home.artifacts().Put(drift::ProfileToBytes(made)));
  TRY_OK(home.registry().KeepProfile(version.id, digest));
  return made;
}

}  // namespace retrain::pipeline
