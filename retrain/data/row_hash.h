#pragma once

#include <cstdint>
#include <vector>

#include "retrain/data/frame.h"

namespace retrain::data {

// 64 bits a row over the columns named, in that order: equal rows have equal hashes in every file and format, whatever
// codes their text has; different rows collide with probability 2^-64. All nulls are equal, and 0 equals -0.
// REQUIRES: the frame has every column.
std::vector<std::uint64_t> HashRows(const Frame& frame, const std::vector<std::string>& columns);

// A set of hashes, 8 to 16 bytes each.
class HashSet64 {
 public:
  bool Insert(std::uint64_t hash);  // false: it is there already
  bool Contains(std::uint64_t hash) const;
  std::size_t size() const { return size_; }
  void KeepIf(std::uint64_t mask, std::uint64_t equals);  // drops hashes with (hash & mask) != equals

 private:
  std::size_t SlotOf(std::uint64_t hash) const;  // where it is, or the free place where it would be

  std::vector<std::uint64_t> slots_;  // a power of two; 0: free
  std::size_t size_ = 0;
};

}  // namespace retrain::data
