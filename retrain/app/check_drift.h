#pragma once

#include <memory>
#include <optional>
#include <string>

#include "retrain/base/ids.h"
#include "retrain/drift/detector.h"
#include "retrain/model/model.h"

namespace retrain::app {

// What later tables are held against.
struct DriftReference {
  std::string name;  // a folder, a file, a glob, a saved profile; or, where there is no such path, a version
  std::string home;  // of these versions
  std::optional<VersionId> version = {};  // it is meant, whatever path has that name
};

// It opened. A version has its model with it: tables are then compared by what it predicts too.
struct DriftCheck {
  drift::DriftDetector detector;
  std::shared_ptr<const model::Model> model = {};  // null: no version
};

// A version is named by its number or an alias, and stands for the rows that it learned from. The columns are shared
// out over `parallel`, and `progress` hears of them. `files` is borrowed and outlives the check.
Result<DriftCheck> OpenReference(StateFs& files, const DriftReference& reference, drift::DetectorOptions options,
                                 Parallel& parallel, const drift::Progress& progress = {});

Result<drift::DriftReport> CheckTable(const DriftCheck& check, const data::ColumnTable& table, Parallel& parallel,
                                      const drift::Progress& progress = {});

// A table at `path` against it. A CSV is read with the reference's types where its values allow it.
Result<drift::DriftReport> CheckFiles(StateFs& files, const DriftCheck& check, const std::string& path,
                                      Parallel& parallel, const drift::Progress& progress = {});

}  // namespace retrain::app
