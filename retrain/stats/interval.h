#pragma once

#include <cstdint>

namespace retrain::stats {

// An estimate with its doubt. `lower` and `upper` are one-sided bounds, each at the confidence that was asked for: the
// truth lies above `lower` with that confidence, and below `upper` with that confidence.
struct Interval {
  double value = 0;
  double error = 0;  // standard error of the value
  double lower = 0;
  double upper = 0;
  std::int64_t n = 0;

  bool operator==(const Interval&) const = default;
};

}  // namespace retrain::stats
