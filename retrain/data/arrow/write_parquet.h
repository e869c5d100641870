#pragma once

#include "retrain/data/files.h"

namespace retrain::data {

// Writes all rows of `source` as one Parquet file (zstd, text as dictionaries, times as UTC timestamps in
// microseconds), durably: under a temporary name, then renamed. E0501, E0506; errors of the source.
Status WriteParquet(StateFs& files, const std::string& path, TableSource& source);

// The same of frames that are in memory. REQUIRES: at least one; all have the same schema.
Status WriteParquet(StateFs& files, const std::string& path, const std::vector<Frame>& frames);

}  // namespace retrain::data
