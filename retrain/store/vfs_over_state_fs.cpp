#include "retrain/store/vfs_over_state_fs.h"

#include <atomic>
#include <cstring>
#include <map>
#include <string>

#include <fmt/format.h>
#include <sqlite3.h>

#include "retrain/base/random.h"
#include "retrain/store/vfs_locks.h"

namespace retrain::store {
namespace {

constexpr int kLongestPath = 1024;
constexpr int kSectorBytes = 4096;  // as the unix VFS says

// What the connections of one VFS share.
struct Shared {
  StateFs& files;
  std::map<std::string, FileLocks> locks = {};
  std::map<std::string, SharedIndex> indexes = {};
  Rng rng = Rng(1);
};

// One open file of one connection.
struct OpenedFile {
  Shared& shared;
  std::string path;
  std::unique_ptr<StateFile> file;
  bool sync_folder_too = false;  // at the next sync: a new journal's name must be safe before it counts
  SharedIndex* index = nullptr;
};

struct Handle {
  sqlite3_file base;
  OpenedFile* opened;
};

OpenedFile& Of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file)->opened; }
Shared& Of(sqlite3_vfs* vfs) { return *static_cast<Shared*>(vfs->pAppData); }

int CodeOf(const Status& status, int otherwise) {
  if (status.ok()) return SQLITE_OK;
  return status.error().code == "E0506" ? SQLITE_FULL : otherwise;
}

int ShmUnmap(sqlite3_file* file, int /*remove*/) {
  auto& opened = Of(file);
  if (opened.index == nullptr) return SQLITE_OK;
  opened.index->Unlock(&opened, 0, SharedIndex::kSlots);
  if (--opened.index->users == 0) opened.shared.indexes.erase(opened.path);
  opened.index = nullptr;
  return SQLITE_OK;
}

int Close(sqlite3_file* file) {
  ShmUnmap(file, 0);
  auto& opened = Of(file);
  opened.shared.locks[opened.path].Lower(&opened, FileLocks::kNone);
  delete &opened;
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* into, int count, sqlite3_int64 offset) {
  const auto wanted = static_cast<std::size_t>(count);
  const auto read = Of(file).file->ReadAt(offset, {static_cast<std::byte*>(into), wanted});
  if (!read.ok()) return SQLITE_IOERR_READ;
  if (*read == wanted) return SQLITE_OK;
  std::memset(static_cast<char*>(into) + *read, 0, wanted - *read);
  return SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 offset) {
  const std::span from(static_cast<const std::byte*>(bytes), static_cast<std::size_t>(count));
  return CodeOf(Of(file).file->WriteAt(offset, from), SQLITE_IOERR_WRITE);
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  return CodeOf(Of(file).file->Truncate(size), SQLITE_IOERR_TRUNCATE);
}

int Sync(sqlite3_file* file, int /*flags*/) {
  auto& opened = Of(file);
  if (!opened.file->Sync().ok()) return SQLITE_IOERR_FSYNC;
  if (!opened.sync_folder_too) return SQLITE_OK;
  opened.sync_folder_too = false;
  return CodeOf(opened.shared.files.SyncFolder(ParentFolder(opened.path)), SQLITE_IOERR_DIR_FSYNC);
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  const auto known = Of(file).file->Size();
  if (!known.ok()) return SQLITE_IOERR_FSTAT;
  *size = *known;
  return SQLITE_OK;
}

int Lock(sqlite3_file* file, int level) {
  auto& opened = Of(file);
  return opened.shared.locks[opened.path].Raise(&opened, static_cast<FileLocks::Level>(level)) ? SQLITE_OK
                                                                                               : SQLITE_BUSY;
}

int Unlock(sqlite3_file* file, int level) {
  auto& opened = Of(file);
  opened.shared.locks[opened.path].Lower(&opened, static_cast<FileLocks::Level>(level));
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  auto& opened = Of(file);
  *reserved = opened.shared.locks[opened.path].reserved() ? 1 : 0;
  return SQLITE_OK;
}

int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return kSectorBytes; }
int DeviceCharacteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }

int ShmMap(sqlite3_file* file, int region, int size, int extend, void volatile** memory) {
  auto& opened = Of(file);
  if (opened.index == nullptr) {
    opened.index = &opened.shared.indexes[opened.path];
    ++opened.index->users;
  }
  *memory = opened.index->Region(static_cast<std::size_t>(region), static_cast<std::size_t>(size), extend != 0);
  return SQLITE_OK;
}

int ShmLock(sqlite3_file* file, int first, int count, int flags) {
  auto& opened = Of(file);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    opened.index->Unlock(&opened, first, count);
    return SQLITE_OK;
  }
  return opened.index->Lock(&opened, first, count, (flags & SQLITE_SHM_EXCLUSIVE) != 0) ? SQLITE_OK : SQLITE_BUSY;
}

void ShmBarrier(sqlite3_file*) { std::atomic_thread_fence(std::memory_order_seq_cst); }

constexpr sqlite3_io_methods kMethods = {2,
                                         Close,
                                         Read,
                                         Write,
                                         Truncate,
                                         Sync,
                                         FileSize,
                                         Lock,
                                         Unlock,
                                         CheckReservedLock,
                                         FileControl,
                                         SectorSize,
                                         DeviceCharacteristics,
                                         ShmMap,
                                         ShmLock,
                                         ShmBarrier,
                                         ShmUnmap,
                                         nullptr,
                                         nullptr};

int Open(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  file->pMethods = nullptr;
  if (path == nullptr) return SQLITE_CANTOPEN;  // a temporary file: state this small is sorted in memory
  auto& shared = Of(vfs);
  const bool create = (flags & SQLITE_OPEN_CREATE) != 0;
  auto opened = shared.files.OpenFile(path, create ? StateFs::Open::kCreate : StateFs::Open::kRead);
  if (!opened.ok()) return SQLITE_CANTOPEN;
  constexpr int kJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL | SQLITE_OPEN_SUPER_JOURNAL;
  reinterpret_cast<Handle*>(file)->opened = new OpenedFile{.shared = shared,
                                                           .path = path,
                                                           .file = std::move(opened).value(),
                                                           .sync_folder_too = create && (flags & kJournals) != 0};
  file->pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* path, int sync_folder) {
  auto& files = Of(vfs).files;
  if (!files.Exists(path)) return SQLITE_IOERR_DELETE_NOENT;
  if (!files.Unlink(path).ok()) return SQLITE_IOERR_DELETE;
  if (sync_folder == 0) return SQLITE_OK;
  return CodeOf(files.SyncFolder(ParentFolder(path)), SQLITE_IOERR_DIR_FSYNC);
}

int Access(sqlite3_vfs* vfs, const char* path, int flags, int* result) {
  const auto info = Of(vfs).files.Stat(path);
  *result = info.ok() && (flags != SQLITE_ACCESS_EXISTS || info->is_folder || info->size_bytes > 0) ? 1 : 0;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* path, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", path);
  return SQLITE_OK;
}

int Randomness(sqlite3_vfs* vfs, int count, char* out) {
  for (int i = 0; i < count; ++i) out[i] = static_cast<char>(Of(vfs).rng.Next());
  return count;
}

int Sleep(sqlite3_vfs*, int microseconds) { return microseconds; }

int CurrentTime(sqlite3_vfs*, sqlite3_int64* milliseconds) {
  *milliseconds = 0;
  return SQLITE_OK;
}

int LastError(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

struct VfsOverStateFs::State {
  Shared shared;
  std::string name;
  sqlite3_vfs vfs{};
};

VfsOverStateFs::VfsOverStateFs(StateFs& files) : state_(new State{.shared = {.files = files}, .name = {}}) {
  state_->name = fmt::format("state_fs_{}", static_cast<const void*>(state_.get()));
  auto& vfs = state_->vfs;
  vfs.iVersion = 2;
  vfs.szOsFile = sizeof(Handle);
  vfs.mxPathname = kLongestPath;
  vfs.zName = state_->name.c_str();
  vfs.pAppData = &state_->shared;
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  vfs.xRandomness = Randomness;
  vfs.xSleep = Sleep;
  vfs.xGetLastError = LastError;
  vfs.xCurrentTimeInt64 = CurrentTime;
  RETRAIN_ALWAYS(sqlite3_vfs_register(&vfs, 0) == SQLITE_OK);
  Reseed();
}

VfsOverStateFs::~VfsOverStateFs() { sqlite3_vfs_unregister(&state_->vfs); }

const char* VfsOverStateFs::name() const { return state_->name.c_str(); }

void VfsOverStateFs::Reseed() { sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, 1, static_cast<sqlite3*>(nullptr)); }

}  // namespace retrain::store
