#pragma once

#include "retrain/data/files.h"

namespace retrain::data {

// The two Arrow formats, for OpenFile. `begin`: rows to skip; whole row groups before it are never read.
Result<std::unique_ptr<TableSource>> OpenParquet(StateFs& files, const std::string& path, const ReadOptions& options,
                                                 std::int64_t begin);
Result<std::int64_t> CountParquetRows(StateFs& files, const std::string& path);

// Arrow IPC, as a file (with a footer) or as a stream.
Result<std::unique_ptr<TableSource>> OpenIpc(StateFs& files, const std::string& path, const ReadOptions& options,
                                             std::int64_t begin);
Result<std::int64_t> CountIpcRows(StateFs& files, const std::string& path);

}  // namespace retrain::data
