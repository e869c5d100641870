#pragma once

#include <cstdint>
#include <span>

namespace retrain::stats {

// Two sorted samples, walked through once together: what every test on ranks or empirical distributions needs.
// F and G are the empirical distribution functions of the first and the second sample. Counts and rank sums are exact.
struct Merged {
  std::int64_t n_first = 0;
  std::int64_t n_second = 0;
  std::int64_t distinct = 0;  // different values in both together

  std::int64_t above = 0;  // the largest F - G, times n_first n_second; at least 0
  std::int64_t below = 0;  // the largest G - F, likewise

  double area = 0;              // integral of |F - G|, in units of the values: the first Wasserstein distance
  double squared_area = 0;      // integral of (F - G)²: half the square of Székely's energy distance
  double rank_misfit = 0;       // T of Cramér and von Mises with midranks (Anderson 1962, eq. 9)
  std::int64_t misfit_4u = 0;   // four times U of that equation while it fits 63 bits, -1 beyond
  double tail_misfit = 0;       // A²akN of Anderson and Darling, midrank version (Scholz and Stephens 1987, eq. 7)
  std::int64_t twice_wins = 0;  // twice U of Mann and Whitney: pairs in which the first is larger, ties half
  double tie_term = 0;          // sum of t³ - t over groups of t equal values

  bool operator==(const Merged&) const = default;
};

// O(n_first + n_second), no allocation. REQUIRES: both sorted ascending, finite, not empty; n_first n_second < 2^60.
Merged Merge(std::span<const double> first, std::span<const double> second);

}  // namespace retrain::stats
