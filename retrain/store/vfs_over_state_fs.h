#pragma once

#include <memory>

#include "retrain/base/state_fs.h"

namespace retrain::store {

// An SQLite VFS whose files are those of a StateFs. Does to them what SQLite's own "unix" VFS does to a disk, in the
// same order, the sync of a folder at a new journal's first sync among it; locks and the index of the write-ahead log
// live in memory, so all connections must be in this process. SQLite's randomness becomes the same in every run: for
// simulated disks. Not safe from many threads. REQUIRES: outlives the databases opened by its name.
class VfsOverStateFs final {
 public:
  explicit VfsOverStateFs(StateFs& files);
  ~VfsOverStateFs();
  VfsOverStateFs(const VfsOverStateFs&) = delete;
  VfsOverStateFs& operator=(const VfsOverStateFs&) = delete;

  const char* name() const;

  static void Reseed();  // SQLite draws the same randomness from here on

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace retrain::store
