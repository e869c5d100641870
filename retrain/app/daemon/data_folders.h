#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "retrain/base/state_fs.h"

namespace retrain::app {

// Where files of a data path arrive, and how they stood at a look.
struct DataFolders {
  std::vector<std::string> folders;  // to watch: the folder and those below it; nearest one above it when it is missing
  std::uint64_t fingerprint = 0;     // of names, sizes and times: another one means that something changed

  bool operator==(const DataFolders&) const = default;
};

// Looks at the folders of a data path as data::FindFiles understands it: a folder, a file or a glob. Opens no file.
DataFolders LookAtFolders(StateFs& files, const std::string& path_or_glob);

}  // namespace retrain::app
