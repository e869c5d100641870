#include "retrain/app/check_drift.h"

#include <array>

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

}  // namespace

Result<drift::DriftDetector> OpenReference(StateFs& files, const std::string& path, drift::DetectorOptions options,
                                           Parallel& parallel, const drift::Progress& progress) {
  TRY(const bool is_profile, IsProfile(files, path));
  if (is_profile) {
    TRY(const auto bytes, ReadFile(files, path));
    TRY(auto profile, drift::ProfileFromBytes(bytes, path));
    return drift::DriftDetector::Make(std::move(profile), std::move(options));
  }
  TRY(auto table, data::OpenColumns(files, path));
  return drift::DriftDetector::Make(std::move(table), std::move(options), parallel, progress);
}

Result<drift::DriftReport> CheckFiles(StateFs& files, const drift::DriftDetector& detector, const std::string& path,
                                      Parallel& parallel, const drift::Progress& progress) {
  data::Schema expected;
  for (const auto& column : detector.profile().columns) expected.fields.push_back({column.name, column.type});
  auto table = data::OpenColumns(files, path, {.expected = &expected});
  if (!table.ok() && table.error().code == "E0204") table = data::OpenColumns(files, path);  // each column tells then
  if (!table.ok()) return std::move(table).error();
  return detector.Check(**table, parallel, progress);
}

}  // namespace retrain::app
