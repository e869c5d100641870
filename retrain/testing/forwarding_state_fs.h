#pragma once

#include <memory>
#include <string>
#include <vector>

#include "retrain/base/state_fs.h"

namespace retrain::testing {

// Another StateFs, unchanged: what a test derives from to break one thing. Borrowed: outlives this.
class ForwardingStateFs : public StateFs {
 public:
  explicit ForwardingStateFs(StateFs& files) : files_(files) {}

  Result<std::unique_ptr<StateFile>> OpenFile(const std::string& path, Open how) override {
    return files_.OpenFile(path, how);
  }
  Result<FileInfo> Stat(const std::string& path) override { return files_.Stat(path); }
  bool Exists(const std::string& path) override { return files_.Exists(path); }
  Result<std::vector<std::string>> List(const std::string& folder) override { return files_.List(folder); }
  Status MakeFolders(const std::string& path) override { return files_.MakeFolders(path); }
  Status Rename(const std::string& from, const std::string& to) override { return files_.Rename(from, to); }
  Status Link(const std::string& from, const std::string& to) override { return files_.Link(from, to); }
  Status Unlink(const std::string& path) override { return files_.Unlink(path); }
  Status SyncFolder(const std::string& folder) override { return files_.SyncFolder(folder); }
  Result<std::unique_ptr<HomeLock>> Lock(const std::string& path, std::string_view holder) override {
    return files_.Lock(path, holder);
  }
  const char* sqlite_vfs() override { return files_.sqlite_vfs(); }

 protected:
  StateFs& files() { return files_; }

 private:
  StateFs& files_;
};

}  // namespace retrain::testing
