#pragma once

#include <compare>
#include <cstdint>

namespace retrain {

// A number that names one row and cannot be mistaken for another table's. Ids count from 1; 0 names nothing.
template <class Tag>
struct Id {
  std::int64_t value = 0;

  constexpr explicit operator bool() const { return value != 0; }
  constexpr auto operator<=>(const Id&) const = default;
};

using ChunkId = Id<struct ChunkTag>;
using VersionId = Id<struct VersionTag>;
using RunId = Id<struct RunTag>;

}  // namespace retrain
