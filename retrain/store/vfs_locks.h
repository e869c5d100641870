#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <set>
#include <vector>

namespace retrain::store {

// The locks on one database file among the connections of one process, as SQLite defines them: many may read, one may
// reserve, a pending writer keeps new readers out, an exclusive one is alone. An owner is any address.
class FileLocks final {
 public:
  enum Level { kNone = 0, kShared = 1, kReserved = 2, kPending = 3, kExclusive = 4 };

  bool Raise(const void* owner, Level level) {
    if (level == kShared) {
      if (writer_ != nullptr && writer_ != owner && writer_level_ >= kPending) return false;
      readers_.insert(owner);
      return true;
    }
    if (writer_ != nullptr && writer_ != owner) return false;
    writer_ = owner;
    if (level == kExclusive && readers_.size() > 1) {
      writer_level_ = kPending;
      return false;
    }
    writer_level_ = level;
    return true;
  }

  void Lower(const void* owner, Level level) {
    if (writer_ == owner) {
      writer_ = nullptr;
      writer_level_ = kNone;
    }
    if (level == kNone) readers_.erase(owner);
  }

  bool reserved() const { return writer_ != nullptr; }

 private:
  std::set<const void*> readers_;
  const void* writer_ = nullptr;
  Level writer_level_ = kNone;
};

// The index of one write-ahead log: shared memory, and its eight locks.
class SharedIndex final {
 public:
  static constexpr int kSlots = 8;

  void* Region(std::size_t number, std::size_t size_bytes, bool extend) {
    if (number >= regions_.size()) {
      if (!extend) return nullptr;
      while (regions_.size() <= number) regions_.push_back(std::make_unique<std::byte[]>(size_bytes));
    }
    return regions_[number].get();
  }

  bool Lock(const void* owner, int first, int count, bool exclusive) {
    for (int slot = first; slot < first + count; ++slot) {
      const auto& lock = slots_[static_cast<std::size_t>(slot)];
      if (lock.writer != nullptr && lock.writer != owner) return false;
      if (exclusive && lock.readers.size() > lock.readers.count(owner)) return false;
    }
    for (int slot = first; slot < first + count; ++slot) {
      auto& lock = slots_[static_cast<std::size_t>(slot)];
      if (exclusive) {
        lock.writer = owner;
      } else {
        lock.readers.insert(owner);
      }
    }
    return true;
  }

  void Unlock(const void* owner, int first, int count) {
    for (int slot = first; slot < first + count; ++slot) {
      auto& lock = slots_[static_cast<std::size_t>(slot)];
      if (lock.writer == owner) lock.writer = nullptr;
      lock.readers.erase(owner);
    }
  }

  int users = 0;  // open connections; at none the memory goes

 private:
  struct Slot {
    std::set<const void*> readers;
    const void* writer = nullptr;
  };
  std::vector<std::unique_ptr<std::byte[]>> regions_;
  std::array<Slot, kSlots> slots_;
};

}  // namespace retrain::store
