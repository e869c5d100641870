#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/random.h"

namespace retrain::testing {

// The bytes of one file: as programs see them, and what is safe on the platter, with the writes that are still on
// their way there.
class SimInode final {
 public:
  explicit SimInode(bool is_folder = false) : is_folder_(is_folder) {}

  bool is_folder() const { return is_folder_; }
  const std::string& bytes() const { return bytes_; }
  std::int64_t changed_at() const { return changed_at_; }

  void Write(std::int64_t offset, std::string_view bytes, std::int64_t tick);
  void Truncate(std::int64_t size, std::int64_t tick);
  void Sync();          // all that is on its way arrives
  void LoseUnsynced();  // a failed sync: the system forgets what was on its way, and nobody sees it until the next boot

  // The power goes: each 512-byte piece on its way arrives, is lost, or (with `garble`) arrives as rubbish.
  void PowerLoss(Rng& rng, double keep, double garble);

 private:
  struct Pending {
    std::int64_t offset = 0;  // of a write; the new size of a truncation
    std::string bytes;
    bool truncates = false;
  };
  static void Apply(const Pending& change, std::string& to);

  bool is_folder_;
  std::string bytes_;
  std::string durable_;
  std::vector<Pending> pending_;
  std::int64_t changed_at_ = 0;
};

// A whole disk as a value: copying it copies the moment. Names are what programs see and, apart, what is safe; a new
// name, a rename or an unlink is on its way until its folder is synced.
class DiskImage final {
 public:
  DiskImage();

  int Find(const std::string& path) const;  // 0: nothing there
  SimInode& inode(int id) { return inodes_.at(id); }
  const SimInode& inode(int id) const { return inodes_.at(id); }
  const std::map<std::string, int>& names() const { return names_; }

  int Create(const std::string& path, bool is_folder);
  void SetName(const std::string& path, int id);                  // 0 removes
  void MoveName(const std::string& from, const std::string& to);  // within a folder: both or none
  void SyncFolder(const std::string& folder);

  // What stands on the disk when the power comes back. Damage 0 loses all that was unsynced, 1 loses nothing, every
  // other number draws another mixture of kept, lost and garbled.
  DiskImage AfterPowerLoss(std::uint64_t damage) const;

 private:
  struct NameChange {
    std::string folder;
    std::vector<std::pair<std::string, int>> sets;
  };
  static void Apply(const NameChange& change, std::map<std::string, int>& names);

  std::map<int, SimInode> inodes_;
  std::map<std::string, int> names_;
  std::map<std::string, int> durable_names_;
  std::vector<NameChange> pending_;
  int last_id_ = 0;
};

}  // namespace retrain::testing
