#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/result.h"

namespace retrain {

// An open file. Positional: no cursor. Closing never loses what was written, but only Sync() makes it survive a
// power loss. A failed Sync() is never retried: the caller treats it as a crash.
class StateFile {
 public:
  virtual ~StateFile() = default;
  virtual Result<std::size_t> ReadAt(std::int64_t offset, std::span<std::byte> into) = 0;  // short at the end
  virtual Status WriteAt(std::int64_t offset, std::span<const std::byte> bytes) = 0;
  virtual Status Truncate(std::int64_t size_bytes) = 0;
  virtual Result<std::int64_t> Size() = 0;
  virtual Status Sync() = 0;
};

// Held until destroyed, or until the process ends in any way.
class HomeLock {
 public:
  virtual ~HomeLock() = default;
};

struct FileInfo {
  std::int64_t size_bytes = 0;
  bool is_folder = false;
  std::int64_t changed_at = 0;  // grows when the bytes change; only equality means something
  bool operator==(const FileInfo&) const = default;
};

// The port to files: artifacts, the database underneath SQLite, and the data that users drop. Paths use '/'. A new
// name, a rename or an unlink survives a power loss only after SyncFolder() of its folder. Errors are E0501, E0506
// (no space) and E0201 (nothing there), and name the path. Safe from many threads.
class StateFs {
 public:
  enum class Open { kRead, kCreate };  // kCreate: read and write, made when missing

  virtual ~StateFs() = default;
  virtual Result<std::unique_ptr<StateFile>> OpenFile(const std::string& path, Open how) = 0;
  virtual Result<FileInfo> Stat(const std::string& path) = 0;
  virtual bool Exists(const std::string& path) = 0;
  virtual Result<std::vector<std::string>> List(const std::string& folder) = 0;  // names, sorted
  virtual Status MakeFolders(const std::string& path) = 0;                       // and those above it, synced
  virtual Status Rename(const std::string& from, const std::string& to) = 0;     // replaces `to` atomically
  virtual Status Link(const std::string& from, const std::string& to) = 0;  // hard link; an error across file systems
  virtual Status Unlink(const std::string& path) = 0;                       // nothing there: Ok
  virtual Status SyncFolder(const std::string& folder) = 0;

  // Takes the exclusive lock that the file `path` stands for and writes `holder` into it. Held elsewhere: E0401 with
  // the text of the one who holds it.
  virtual Result<std::unique_ptr<HomeLock>> Lock(const std::string& path, std::string_view holder) = 0;

  // The name of the SQLite VFS that reads and writes the same files.
  virtual const char* sqlite_vfs() = 0;
};

// Whole-file helpers over the port.
Result<std::string> ReadFile(StateFs& files, const std::string& path);

// Writes `bytes` under a temporary name beside `path`, syncs, renames, syncs the folder: after Ok the file is whole
// and survives power loss; before, the old one (or none) stands.
Status WriteFileDurably(StateFs& files, const std::string& path, std::string_view bytes);

std::string ParentFolder(const std::string& path);  // "a/b" -> "a", "b" -> "."
std::string BaseName(const std::string& path);      // "a/b.csv" -> "b.csv"

}  // namespace retrain
