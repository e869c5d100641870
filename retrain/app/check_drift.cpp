#include "retrain/app/check_drift.h"

#include <array>
#include <charconv>

#include "retrain/data/glob.h"
#include "retrain/model/artifact.h"
#include "retrain/pipeline/predictions.h"
#include "retrain/pipeline/reference.h"

namespace retrain::app {
namespace {

Result<bool> IsProfile(StateFs& files, const std::string& path) {
  if (!files.Exists(path)) return false;  // a glob, or an error that reading the data tells better
  TRY(const auto info, files.Stat(path));
  if (info.is_folder) return false;
  TRY(auto file, files.OpenFile(path, StateFs::Open::kRead));
  std::array<char, 8> head{};
  TRY(const auto read, file->ReadAt(0, std::as_writable_bytes(std::span(head))));
  return drift::LooksLikeProfile({head.data(), read});
}

bool MayBeVersion(StateFs& files, const DriftReference& reference) {
  return reference.name.find('/') == std::string::npos && !data::IsGlob(reference.name) &&
         !files.Exists(reference.name) && files.Exists(reference.home + "/state.db");
}

std::optional<VersionId> NumberOf(std::string_view name) {
  VersionId id;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id.value);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(id) : std::nullopt;
}

// None when the name is neither a number nor an alias.
Result<std::optional<registry::Version>> FindVersion(pipeline::Home& home, const DriftReference& reference) {
  auto id = reference.version ? reference.version : NumberOf(reference.name);
  if (!id) {
    TRY(const auto alias, home.registry().Find(reference.name));
    if (!alias && reference.name == registry::kChampion)
      return Error{.code = "E0306", .message = "there is no champion yet", .hint = "run `retrain run` first"};
    if (!alias) return std::optional<registry::Version>();
    id = alias->version;
  }
  TRY(auto version, home.registry().Get(*id));
  return std::optional(std::move(version));
}

// Of the rows that a version learned from: from its profile, if that will do.
Result<DriftCheck> CheckOf(StateFs& files, pipeline::Home& home, const registry::Version& version,
                           drift::DetectorOptions options, Parallel& parallel, const drift::Progress& progress) {
  if (options.method == drift::kDefaultMethod) {
    TRY(const auto artifact, home.registry().LoadArtifact(version.id));
    TRY(auto model, model::LoadModel(artifact));
    TRY(auto profile, pipeline::LoadReference(home, version, false));
    TRY(auto detector, drift::DriftDetector::Make(std::move(profile), std::move(options)));
    return DriftCheck{std::move(detector), std::move(model)};
  }
  TRY(const auto run, home.runs().Get(version.run));
  TRY(auto rows, pipeline::OpenTrainingRows(files, run));
  const auto& categorical = run.contract->roles.categorical;
  options.choice.categorical.insert(options.choice.categorical.end(), categorical.begin(), categorical.end());
  TRY(auto detector, drift::DriftDetector::Make(std::move(rows), std::move(options), parallel, progress));
  return DriftCheck{std::move(detector)};
}

}  // namespace

Result<DriftCheck> OpenReference(StateFs& files, const DriftReference& reference, drift::DetectorOptions options,
                                 Parallel& parallel, const drift::Progress& progress) {
  TRY(const bool is_profile, IsProfile(files, reference.name));
  if (is_profile) {
    TRY(const auto bytes, ReadFile(files, reference.name));
    TRY(auto profile, drift::ProfileFromBytes(bytes, reference.name));
    TRY(auto detector, drift::DriftDetector::Make(std::move(profile), std::move(options)));
    return DriftCheck{std::move(detector)};
  }
  if (reference.version || MayBeVersion(files, reference)) {
    TRY(const auto home, pipeline::Home::Open(files, reference.home));
    TRY(const auto version, FindVersion(*home, reference));
    if (version) return CheckOf(files, *home, *version, std::move(options), parallel, progress);
  }
  TRY(auto table, data::OpenColumns(files, reference.name));
  TRY(auto detector, drift::DriftDetector::Make(std::move(table), std::move(options), parallel, progress));
  return DriftCheck{std::move(detector)};
}

Result<drift::DriftReport> CheckTable(const DriftCheck& check, const data::ColumnTable& table, Parallel& parallel,
                                      const drift::Progress& progress) {
  if (check.model == nullptr) return check.detector.Check(table, parallel, progress);
  return pipeline::CheckWithModel(check.detector, *check.model, table, parallel, progress);
}

Result<drift::DriftReport> CheckFiles(StateFs& files, const DriftCheck& check, const std::string& path,
                                      Parallel& parallel, const drift::Progress& progress) {
  data::Schema expected;
  for (const auto& column : check.detector.profile().columns) expected.fields.push_back({column.name, column.type});
  auto table = data::OpenColumns(files, path, {.expected = &expected});
  if (!table.ok() && table.error().code == "E0204") table = data::OpenColumns(files, path);  // each column tells then
  if (!table.ok()) return std::move(table).error();
  return CheckTable(check, **table, parallel, progress);
}

}  // namespace retrain::app
