#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace retrain::stats {

// A column's values with what cannot be ordered among numbers set apart.
struct Separated {
  std::vector<double> finite;  // in the order they came
  std::int64_t nulls = 0;      // NaN
  std::int64_t minus_infinite = 0;
  std::int64_t plus_infinite = 0;

  bool operator==(const Separated&) const = default;
};
Separated Separate(std::span<const double> values);

// Sorts ascending, in place, with the processor's vector instructions. -0 and +0 are equal, in any order.
// REQUIRES: no NaN.
void SortValues(std::span<double> values);

}  // namespace retrain::stats
