#pragma once

#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/testing/disk_image.h"

namespace retrain::store {
class VfsOverStateFs;
}

namespace retrain::testing {

// One thing that changes a disk, or makes a change safe. Numbered from 0 in the order of their calls.
struct DiskOp {
  enum class Kind { kCreate, kMakeFolder, kWrite, kTruncate, kSync, kRename, kLink, kUnlink, kSyncFolder };
  Kind kind = Kind::kWrite;
  std::string path;
  std::string target = {};      // of a rename or link
  std::int64_t offset = 0;      // of a write; the size of a truncation
  std::int64_t size_bytes = 0;  // of a write

  bool operator==(const DiskOp&) const = default;
};

std::string ToText(const DiskOp& op);  // "write state.db-wal 32+4120"

// What will go wrong.
struct DiskFaults {
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  std::int64_t crash_at = kNever;     // the power goes while this op is under way; nothing works from then on
  std::int64_t error_at = kNever;     // this op fails with E0501, and a failed sync loses what it should have saved
  bool error_stays = false;           // so do all later ones
  std::int64_t space_bytes = kNever;  // files grow by at most this much, then E0506
  std::function<bool(const DiskOp&)> pretends = {};  // true: the op says Ok and does nothing (a planted bug)
};

// A disk in memory that loses power as real ones do: what was not synced may be lost, kept or torn. The same calls give
// the same disk. SQLite works on it through a VFS of its own. Not safe from many threads.
class SimDisk final : public StateFs {
 public:
  explicit SimDisk(DiskImage image = {}, DiskFaults faults = {});
  ~SimDisk() override;
  SimDisk(const SimDisk&) = delete;
  SimDisk& operator=(const SimDisk&) = delete;

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
  const char* sqlite_vfs() override;

  const DiskImage& image() const { return image_; }  // this moment, unsynced changes and all
  std::int64_t ops() const { return ops_; }          // so far
  bool is_dead() const { return dead_; }             // crash_at was reached
  void SetFaults(DiskFaults faults) { faults_ = std::move(faults); }

  // Every op from here on goes to `observer` before it happens.
  void Observe(std::function<void(const DiskOp&)> observer) { observer_ = std::move(observer); }

 private:
  friend class SimFile;
  friend class SimLock;
  Status Do(const DiskOp& op, const std::function<void()>& change);
  Status Grow(std::int64_t by_bytes);
  Result<int> Find(const std::string& path) const;

  DiskImage image_;
  DiskFaults faults_;
  std::function<void(const DiskOp&)> observer_;
  std::unique_ptr<store::VfsOverStateFs> vfs_;
  std::map<std::string, std::string> locks_;  // path -> holder
  std::int64_t ops_ = 0;
  std::int64_t tick_ = 0;
  bool dead_ = false;
};

}  // namespace retrain::testing
