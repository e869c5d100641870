#include "retrain/data/row_hash.h"

#include <bit>
#include <cmath>

namespace retrain::data {
namespace {

// The finalizer of SplitMix64 (Steele, Lea and Flood 2014): every input bit reaches every output bit.
std::uint64_t Mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// FNV-1a (Fowler, Noll and Vo), mixed once more for its weak high bits.
std::uint64_t HashText(std::string_view text) {
  std::uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return Mix(hash);
}

constexpr std::uint64_t kNullHash = 0x9E3779B97F4A7C15u;

std::uint64_t HashNumber(double number) {
  if (std::isnan(number)) return kNullHash;
  return std::bit_cast<std::uint64_t>(number + 0.0);  // -0 + 0 is 0
}

}  // namespace

std::vector<std::uint64_t> HashRows(const Frame& frame, const std::vector<std::string>& columns) {
  std::vector<std::uint64_t> hashes(static_cast<std::size_t>(frame.rows()), 1);
  for (const std::string& name : columns) {
    const Column& column = *frame.Find(name);
    const auto add = [](std::uint64_t& hash, std::uint64_t value) { hash = Mix(hash + kNullHash) ^ Mix(value + 1); };
    if (column.type != ColumnType::kText) {
      for (std::size_t row = 0; row < hashes.size(); ++row) add(hashes[row], HashNumber(column.numbers[row]));
      continue;
    }
    std::vector<std::uint64_t> of_level;
    for (const auto level : column.levels) of_level.push_back(HashText(level));
    for (std::size_t row = 0; row < hashes.size(); ++row) {
      const auto code = column.codes[row];
      add(hashes[row], code < 0 ? kNullHash : of_level[static_cast<std::size_t>(code)]);
    }
  }
  for (auto& hash : hashes) hash = Mix(hash);
  return hashes;
}

std::size_t HashSet64::SlotOf(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = (hash >> 20) & mask;  // KeepIf looks at the low bits
  while (slots_[slot] != 0 && slots_[slot] != hash) slot = (slot + 1) & mask;
  return slot;
}

bool HashSet64::Insert(std::uint64_t hash) {
  if (hash == 0) hash = 1;
  if (2 * size_ >= slots_.size()) {
    std::vector<std::uint64_t> old(std::max<std::size_t>(1024, 2 * slots_.size()));
    old.swap(slots_);
    for (const auto kept : old) {
      if (kept != 0) slots_[SlotOf(kept)] = kept;
    }
  }
  auto& slot = slots_[SlotOf(hash)];
  if (slot == hash) return false;
  slot = hash;
  ++size_;
  return true;
}

bool HashSet64::Contains(std::uint64_t hash) const {
  if (hash == 0) hash = 1;
  return size_ > 0 && slots_[SlotOf(hash)] == hash;
}

void HashSet64::KeepIf(std::uint64_t mask, std::uint64_t equals) {
  std::vector<std::uint64_t> old(slots_.size());
  old.swap(slots_);
  size_ = 0;
  for (const auto hash : old) {
    if (hash != 0 && (hash & mask) == equals) Insert(hash);
  }
}

}  // namespace retrain::data
