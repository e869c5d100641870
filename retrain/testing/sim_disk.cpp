#include "retrain/testing/sim_disk.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "retrain/store/vfs_over_state_fs.h"

namespace retrain::testing {
namespace {

using Kind = DiskOp::Kind;

Error PowerIsOff() { return Error{.code = "E0501", .message = "the power is off"}; }
Error Missing(const std::string& path) {
  return Error{.code = "E0201", .message = fmt::format("{} does not exist", path)};
}

std::string_view Name(Kind kind) {
  switch (kind) {
    case Kind::kCreate: return "create";
    case Kind::kMakeFolder: return "mkdir";
    case Kind::kWrite: return "write";
    case Kind::kTruncate: return "truncate";
    case Kind::kSync: return "sync";
    case Kind::kRename: return "rename";
    case Kind::kLink: return "link";
    case Kind::kUnlink: return "unlink";
    case Kind::kSyncFolder: return "syncdir";
  }
  return "";
}

}  // namespace

std::string ToText(const DiskOp& op) {
  std::string text = fmt::format("{} {}", Name(op.kind), op.path);
  if (!op.target.empty()) text += fmt::format(" {}", op.target);
  if (op.kind == Kind::kWrite) text += fmt::format(" {}+{}", op.offset, op.size_bytes);
  if (op.kind == Kind::kTruncate) text += fmt::format(" {}", op.offset);
  return text;
}

// An open file stays what it is when its name goes.
class SimFile final : public StateFile {
 public:
  SimFile(SimDisk& disk, std::string path, int id) : disk_(disk), path_(std::move(path)), id_(id) {}

  Result<std::size_t> ReadAt(std::int64_t offset, std::span<std::byte> into) override {
    if (disk_.dead_) return PowerIsOff();
    const auto& bytes = inode().bytes();
    const auto begin = std::min(static_cast<std::size_t>(offset), bytes.size());
    const auto count = std::min(into.size(), bytes.size() - begin);
    if (count > 0) std::memcpy(into.data(), bytes.data() + begin, count);
    return count;
  }

  Status WriteAt(std::int64_t offset, std::span<const std::byte> bytes) override {
    if (bytes.empty()) return Ok();
    const auto size = static_cast<std::int64_t>(bytes.size());
    TRY_OK(disk_.Grow(offset + size - static_cast<std::int64_t>(inode().bytes().size())));
    return disk_.Do({.kind = Kind::kWrite, .path = path_, .offset = offset, .size_bytes = size}, [&] {
      inode().Write(offset, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, ++disk_.tick_);
    });
  }

  Status Truncate(std::int64_t size_bytes) override {
    return disk_.Do({.kind = Kind::kTruncate, .path = path_, .offset = size_bytes},
                    [&] { inode().Truncate(size_bytes, ++disk_.tick_); });
  }

  Result<std::int64_t> Size() override {
    if (disk_.dead_) return PowerIsOff();
    return static_cast<std::int64_t>(inode().bytes().size());
  }

  Status Sync() override {
    const auto done = disk_.Do({.kind = Kind::kSync, .path = path_}, [&] { inode().Sync(); });
    if (!done.ok() && !disk_.dead_) inode().LoseUnsynced();
    return done;
  }

 private:
  SimInode& inode() { return disk_.image_.inode(id_); }

  SimDisk& disk_;
  std::string path_;
  int id_;
};

class SimLock final : public HomeLock {
 public:
  SimLock(SimDisk& disk, std::string path) : disk_(disk), path_(std::move(path)) {}
  ~SimLock() override { disk_.locks_.erase(path_); }

 private:
  SimDisk& disk_;
  std::string path_;
};

SimDisk::SimDisk(DiskImage image, DiskFaults faults) : image_(std::move(image)), faults_(std::move(faults)) {}
SimDisk::~SimDisk() = default;

// Counts the op and lets it happen, fail, or be cut off by the end of power: then its change is on its way, no more.
Status SimDisk::Do(const DiskOp& op, const std::function<void()>& change) {
  if (dead_) return PowerIsOff();
  if (observer_) observer_(op);
  const std::int64_t number = ops_++;
  if (number == faults_.crash_at) {
    if (op.kind != Kind::kSync && op.kind != Kind::kSyncFolder) change();
    dead_ = true;
    return PowerIsOff();
  }
  if (number == faults_.error_at || (number > faults_.error_at && faults_.error_stays)) {
    return Error{.code = "E0501", .message = fmt::format("cannot {}: Input/output error", ToText(op))};
  }
  if (!faults_.pretends || !faults_.pretends(op)) change();
  return Ok();
}

Status SimDisk::Grow(std::int64_t by_bytes) {
  if (by_bytes <= 0 || faults_.space_bytes == DiskFaults::kNever) return Ok();
  if (by_bytes > faults_.space_bytes) return Error{.code = "E0506", .message = "cannot write: No space left on device"};
  faults_.space_bytes -= by_bytes;
  return Ok();
}

Result<int> SimDisk::Find(const std::string& path) const {
  if (dead_) return PowerIsOff();
  const int id = image_.Find(path);
  if (id == 0) return Missing(path);
  return id;
}

Result<std::unique_ptr<StateFile>> SimDisk::OpenFile(const std::string& path, Open how) {
  auto found = Find(path);
  if (!found.ok() && !dead_ && how == Open::kCreate) {
    if (image_.Find(ParentFolder(path)) == 0) return Missing(path);
    TRY_OK(Do({.kind = Kind::kCreate, .path = path}, [&] { image_.Create(path, false); }));
    found = Find(path);
  }
  TRY(const int id, found);
  if (image_.inode(id).is_folder())
    return Error{.code = "E0501", .message = fmt::format("cannot read {}: Is a directory", path)};
  return std::unique_ptr<StateFile>(std::make_unique<SimFile>(*this, path, id));
}

Result<FileInfo> SimDisk::Stat(const std::string& path) {
  TRY(const int id, Find(path));
  const auto& inode = image_.inode(id);
  return FileInfo{.size_bytes = static_cast<std::int64_t>(inode.bytes().size()),
                  .is_folder = inode.is_folder(),
                  .changed_at = inode.changed_at()};
}

bool SimDisk::Exists(const std::string& path) { return !dead_ && image_.Find(path) != 0; }

Result<std::vector<std::string>> SimDisk::List(const std::string& folder) {
  TRY(const int id, Find(folder));
  if (!image_.inode(id).is_folder()) return Missing(folder);
  std::vector<std::string> names;
  for (const auto& [path, other] : image_.names()) {
    if (other != id && ParentFolder(path) == folder) names.push_back(BaseName(path));
  }
  return names;
}

Status SimDisk::MakeFolders(const std::string& path) {
  const int id = image_.Find(path);
  if (id != 0 && !dead_) {
    if (image_.inode(id).is_folder()) return Ok();
    return Error{.code = "E0501", .message = fmt::format("cannot make the folder {}: a file has that name", path)};
  }
  const std::string parent = ParentFolder(path);
  TRY_OK(MakeFolders(parent));
  TRY_OK(Do({.kind = Kind::kMakeFolder, .path = path}, [&] { image_.Create(path, true); }));
  return SyncFolder(parent);
}

Status SimDisk::Rename(const std::string& from, const std::string& to) {
  TRY_OK(Find(from));
  TRY_OK(Find(ParentFolder(to)));
  return Do({.kind = Kind::kRename, .path = from, .target = to}, [&] { image_.MoveName(from, to); });
}

Status SimDisk::Link(const std::string& from, const std::string& to) {
  TRY(const int id, Find(from));
  TRY_OK(Find(ParentFolder(to)));
  if (image_.Find(to) != 0) return Error{.code = "E0501", .message = fmt::format("cannot link {}: File exists", from)};
  return Do({.kind = Kind::kLink, .path = from, .target = to}, [&] { image_.SetName(to, id); });
}

Status SimDisk::Unlink(const std::string& path) {
  if (!dead_ && image_.Find(path) == 0) return Ok();
  return Do({.kind = Kind::kUnlink, .path = path}, [&] { image_.SetName(path, 0); });
}

Status SimDisk::SyncFolder(const std::string& folder) {
  TRY_OK(Find(folder));
  return Do({.kind = Kind::kSyncFolder, .path = folder}, [&] { image_.SyncFolder(folder); });
}

Result<std::unique_ptr<HomeLock>> SimDisk::Lock(const std::string& path, std::string_view holder) {
  const auto held = locks_.find(path);
  if (held != locks_.end()) {
    return Error{.code = "E0401", .message = fmt::format("{} is held by {}", ParentFolder(path), held->second)};
  }
  TRY(auto file, OpenFile(path, Open::kCreate));
  TRY_OK(file->Truncate(0));
  TRY_OK(file->WriteAt(0, std::as_bytes(std::span(holder))));
  locks_.emplace(path, holder);
  return std::unique_ptr<HomeLock>(std::make_unique<SimLock>(*this, path));
}

const char* SimDisk::sqlite_vfs() {
  if (!vfs_) vfs_ = std::make_unique<store::VfsOverStateFs>(*this);
  return vfs_->name();
}

}  // namespace retrain::testing
