#pragma once

#include <atomic>
#include <string>
#include <string_view>

#include "retrain/base/state_fs.h"

namespace retrain::store {

// Immutable files named by the SHA-256 of their bytes, below one folder: FOLDER/ab/cdef…SUFFIX. When Put or Adopt
// returns Ok the blob is whole and survives a power loss. Putting what is there already writes nothing. Safe from many
// threads and processes.
class Blobs final {
 public:
  Blobs(StateFs& files, std::string folder) : files_(files), folder_(std::move(folder)) {}

  Result<std::string> Put(std::string_view bytes, std::string_view suffix = "");  // its digest

  // Keeps the bytes of a file that somebody else owns: by hard link, or a copy across file systems. Returns the digest.
  // E0202 when the file changes while it is read.
  Result<std::string> Adopt(const std::string& path, std::string_view suffix);

  // The bytes, their digest checked. E0505 when missing or altered.
  Result<std::string> Read(std::string_view digest, std::string_view suffix = "") const;
  bool Has(std::string_view digest, std::string_view suffix = "") const;
  std::string Path(std::string_view digest, std::string_view suffix = "") const;

  // Removes what a crash left half-written (temporary names). Called once at start, under the home's lock.
  Status RemoveTemporaries();

 private:
  Status MakeRoom(const std::string& path);
  Status CopyIn(const std::string& from, const std::string& digest, const std::string& to);
  std::string Temporary(std::string_view digest) const;

  StateFs& files_;
  std::string folder_;
  std::atomic<bool> folder_synced_ = false;  // since this object was made
};

Result<std::string> DigestOfFile(StateFs& files, const std::string& path);

}  // namespace retrain::store
