#pragma once

#include <memory>
#include <string>
#include <vector>

#include "retrain/base/state_fs.h"

namespace retrain::app {

// The files of this machine, through POSIX. Has no state of its own. The home's lock is an open-file-description lock:
// the kernel drops it with the process, and two holders in one process exclude each other too.
class RealStateFs final : public StateFs {
 public:
  Result<std::unique_ptr<StateFile>> OpenFile(const std::string& path, Open how) override;
  Result<FileInfo> Stat(const std::string& path) override;
  bool Exists(const std::string& path) override;
  Result<std::vector<std::string>> List(const std::string& folder) override;
  Status MakeFolders(const std::string& path) override;
  Status Rename(const std::string& from, const std::string& to) override;
  Status Link(const std::string& from, const std::string& to) override;
  Status Unlink(const std::string& path) override;
  Status SyncFolder(const std::string& folder) override;
  Result<std::unique_ptr<HomeLock>> Lock(const std::string& path, std::string_view holder) override;
  const char* sqlite_vfs() override { return "unix"; }
};

}  // namespace retrain::app
