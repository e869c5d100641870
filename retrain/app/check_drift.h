#pragma once

#include <string>

#include "retrain/drift/detector.h"

namespace retrain::app {

// The reference at `path`: a folder, a file or a glob, or the bytes of a saved profile. The columns are shared out over
// `parallel`, and `progress` hears of them.
Result<drift::DriftDetector> OpenReference(StateFs& files, const std::string& path, drift::DetectorOptions options,
                                           Parallel& parallel, const drift::Progress& progress = {});

// A table at `path` against it. A CSV is read with the reference's types where its values allow it.
Result<drift::DriftReport> CheckFiles(StateFs& files, const drift::DriftDetector& detector, const std::string& path,
                                      Parallel& parallel, const drift::Progress& progress = {});

}  // namespace retrain::app
