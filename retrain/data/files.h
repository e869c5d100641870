#pragma once

#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/data/table_source.h"

namespace retrain::data {

// The data files that a path of the config stands for, in the order of their names: a file, the files of a folder
// (those below it too), or a glob. Formats: .parquet, .csv, .arrow, .feather, .ipc. E0201 when there is nothing.
struct FoundFile {
  std::string path;
  std::string unready;  // empty: whole; else why it is left for later ("temporary name", "no Parquet footer yet")

  bool operator==(const FoundFile&) const = default;
};
Result<std::vector<FoundFile>> FindFiles(StateFs& files, const std::string& path_or_glob);

// How a file is read besides what it says of itself.
struct ReadOptions {
  std::int64_t batch_rows = 65'536;
  std::vector<std::string> columns = {};  // empty: all
  const Schema* expected = nullptr;       // CSV has no types of its own: parse these columns as these types

  bool operator==(const ReadOptions&) const = default;
};

// Opens one file; its footer or first rows are read now, the rest by Next(). E0202 names the file (and a CSV's row).
// The suffix of the name tells the format.
Result<std::unique_ptr<TableSource>> OpenFile(StateFs& files, const std::string& path, const ReadOptions& options = {});

Result<std::int64_t> CountRows(StateFs& files, const std::string& path);

}  // namespace retrain::data
