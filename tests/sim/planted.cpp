#include "planted.h"

#include <set>

#include "retrain/testing/forwarding_state_fs.h"

namespace retrain::sim {
namespace {

using testing::DiskOp;
using Kind = DiskOp::Kind;

bool IsArtifact(const std::string& path) { return path.starts_with("home/artifacts/"); }

// Syncs an artifact only after it has its name.
class RenameFirst final : public testing::ForwardingStateFs {
 public:
  using ForwardingStateFs::ForwardingStateFs;

  Result<std::unique_ptr<StateFile>> OpenFile(const std::string& path, Open how) override {
    TRY(auto file, files().OpenFile(path, how));
    if (!IsArtifact(path) || how == Open::kRead) return file;
    return std::unique_ptr<StateFile>(std::make_unique<Unsynced>(std::move(file)));
  }

  Status Rename(const std::string& from, const std::string& to) override {
    TRY_OK(files().Rename(from, to));
    if (!IsArtifact(to)) return Ok();
    TRY_OK(files().SyncFolder(ParentFolder(to)));
    TRY(auto file, files().OpenFile(to, Open::kCreate));
    return file->Sync();
  }

 private:
  class Unsynced final : public StateFile {
   public:
    explicit Unsynced(std::unique_ptr<StateFile> file) : file_(std::move(file)) {}
    Result<std::size_t> ReadAt(std::int64_t offset, std::span<std::byte> into) override {
      return file_->ReadAt(offset, into);
    }
    Status WriteAt(std::int64_t offset, std::span<const std::byte> bytes) override {
      return file_->WriteAt(offset, bytes);
    }
    Status Truncate(std::int64_t size) override { return file_->Truncate(size); }
    Result<std::int64_t> Size() override { return file_->Size(); }
    Status Sync() override { return Ok(); }

   private:
    std::unique_ptr<StateFile> file_;
  };
};

}  // namespace

testing::DiskFaults FaultsOf(Bug bug) {
  testing::DiskFaults faults;
  if (bug == Bug::kUnsyncedArtifact) {
    faults.pretends = [](const DiskOp& op) { return op.kind == Kind::kSync && IsArtifact(op.path); };
  } else if (bug == Bug::kUnsyncedName) {
    faults.pretends = [](const DiskOp& op) { return op.kind == Kind::kSyncFolder && IsArtifact(op.path); };
  } else if (bug == Bug::kLyingDisk) {
    faults.pretends = [rng = Rng(8)](const DiskOp& op) mutable {
      return (op.kind == Kind::kSync || op.kind == Kind::kSyncFolder) && rng.Below(8) == 0;
    };
  }
  return faults;
}

std::unique_ptr<StateFs> FilesOf(Bug bug, testing::SimDisk& disk) {
  if (bug == Bug::kRenameBeforeSync) return std::make_unique<RenameFirst>(disk);
  return std::make_unique<testing::ForwardingStateFs>(disk);
}

}  // namespace retrain::sim
