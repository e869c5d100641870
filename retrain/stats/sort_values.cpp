#include "retrain/stats/sort_values.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include <hwy/contrib/sort/vqsort.h>

namespace retrain::stats {

Separated Separate(std::span<const double> values) {
  Separated apart;
  apart.finite.resize(values.size());
  std::size_t kept = 0;
  for (const double value : values) {
    apart.finite[kept] = value;
    if (std::isfinite(value)) {
      ++kept;
    } else if (std::isnan(value)) {
      ++apart.nulls;
    } else {
      ++(value < 0 ? apart.minus_infinite : apart.plus_infinite);
    }
  }
  apart.finite.resize(kept);
  return apart;
}

// The sorter fills up short vectors with the outermost finite numbers and would lose an infinity among them.
void SortValues(std::span<double> values) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto begin = std::partition(values.begin(), values.end(), [](double value) { return value == -kInfinity; });
  const auto end = std::partition(begin, values.end(), [](double value) { return value != kInfinity; });
  hwy::Sorter()(std::to_address(begin), static_cast<std::size_t>(end - begin), hwy::SortAscending());
}

}  // namespace retrain::stats
