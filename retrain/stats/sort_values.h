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

// Sorts ascending, in linear time: three passes of a radix sort over the 30 highest bits in which any two values
// differ, then each run of values that agree in those. -0 comes before +0. `scratch` is kept between calls to save its
// allocation; one thread at a time may use it. REQUIRES: no NaN.
void SortValues(std::span<double> values, std::vector<std::uint64_t>& scratch);
void SortValues(std::span<double> values);

}  // namespace retrain::stats
