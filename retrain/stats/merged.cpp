#include "retrain/stats/merged.h"

#include <algorithm>
#include <cmath>

#include "retrain/base/result.h"

namespace retrain::stats {
namespace {

__extension__ using Wide = __int128;

// The walk. One step is one distinct value; `i` and `j` count the values of each sample that were passed.
class Walk {
 public:
  Walk(std::int64_t n, std::int64_t m, double start)
      : n_(n), m_(m), total_(static_cast<double>(n + m)), value_(start) {}

  // `a` values of the first and `b` of the second sample equal `value`. REQUIRES: a + b > 0; values ascend.
  void Step(double value, std::int64_t a, std::int64_t b) {
    const auto gap = static_cast<double>(difference_);
    const double width = value - value_;
    area_ += std::fabs(gap) * width;
    squared_area_ += gap * gap * width;
    value_ = value;

    const std::int64_t twice_i = 2 * i_ + a;  // mid counts, doubled
    const std::int64_t twice_j = 2 * j_ + b;
    const std::int64_t after = difference_ + a * m_ - b * n_;
    const auto mid = static_cast<double>(difference_ + after);
    const auto size = static_cast<double>(a + b);
    const auto rank = static_cast<double>(twice_i + twice_j);
    tail_misfit_ += size * mid * mid / (rank * (2 * total_ - rank) - total_ * size);
    first_ranks_ += static_cast<Wide>(a * twice_j) * twice_j;
    second_ranks_ += static_cast<Wide>(b * twice_i) * twice_i;
    twice_wins_ += a * twice_j;

    difference_ = after;
    above_ = std::max(above_, after);
    below_ = std::min(below_, after);
    i_ += a;
    j_ += b;
    ++distinct_;
  }

  // What only groups of equal values add.
  void Ties(std::int64_t a, std::int64_t b) {
    first_ranks_ += (static_cast<Wide>(a) * a * a - a) / 3;
    second_ranks_ += (static_cast<Wide>(b) * b * b - b) / 3;
    const auto size = static_cast<double>(a + b);
    tie_term_ += size * size * size - size;
  }

  Merged Finish() const {
    const auto n = static_cast<double>(n_);
    const auto m = static_cast<double>(m_);
    const Wide k = static_cast<Wide>(n_) * m_;
    const Wide four_u = n_ * first_ranks_ + m_ * second_ranks_;
    // T = U/(k N) - (4k - 1)/(6 N) = (6 U - k (4k - 1))/(6 k N), whose two parts nearly cancel.
    const Wide numerator = 6 * four_u - 4 * k * (4 * k - 1);
    return {.n_first = n_,
            .n_second = m_,
            .distinct = distinct_,
            .above = above_,
            .below = -below_,
            .area = area_ / (n * m),
            .squared_area = squared_area_ / (n * m) / (n * m),
            .rank_misfit = static_cast<double>(numerator) / (24 * static_cast<double>(k) * total_),
            .misfit_4u = four_u < INT64_MAX ? static_cast<std::int64_t>(four_u) : -1,
            .tail_misfit = distinct_ == 1 ? 0 : tail_misfit_ * (1 / n + 1 / m) * (total_ - 1) / total_ / total_,
            .twice_wins = twice_wins_,
            .tie_term = tie_term_};
  }

 private:
  std::int64_t n_;
  std::int64_t m_;
  double total_;
  double value_;
  std::int64_t i_ = 0;
  std::int64_t j_ = 0;
  std::int64_t difference_ = 0;  // F - G, times n m
  std::int64_t above_ = 0;
  std::int64_t below_ = 0;
  std::int64_t twice_wins_ = 0;
  std::int64_t distinct_ = 0;
  double area_ = 0;
  double squared_area_ = 0;
  double tail_misfit_ = 0;
  double tie_term_ = 0;
  Wide first_ranks_ = 0;  // four times the sum of (rank in both - rank in its own sample)²
  Wide second_ranks_ = 0;
};

std::int64_t RunLength(const double* at, const double* end, double value) {
  const double* const start = at;
  while (at < end && *at == value) ++at;
  return at - start;
}

}  // namespace

Merged Merge(std::span<const double> first, std::span<const double> second) {
  RETRAIN_ALWAYS(!first.empty() && !second.empty());
  const auto n = static_cast<std::int64_t>(first.size());
  const auto m = static_cast<std::int64_t>(second.size());
  RETRAIN_ALWAYS(m < (std::int64_t{1} << 60) / n);
  const double* x = first.data();
  const double* y = second.data();
  const double* const x_end = x + n;
  const double* const y_end = y + m;
  Walk walk(n, m, std::min(*x, *y));

  while (x_end - x > 1 && y_end - y > 1) {
    const double value = std::min(*x, *y);
    std::int64_t a = *x <= *y ? 1 : 0;
    std::int64_t b = *y <= *x ? 1 : 0;
    if ((x[a] == value) | (y[b] == value) | (a + b == 2)) [[unlikely]] {
      a += RunLength(x + a, x_end, value);
      b += RunLength(y + b, y_end, value);
      walk.Ties(a, b);
    }
    walk.Step(value, a, b);
    x += a;
    y += b;
  }
  while (x < x_end || y < y_end) {
    const double value = x == x_end ? *y : y == y_end ? *x : std::min(*x, *y);
    const std::int64_t a = RunLength(x, x_end, value);
    const std::int64_t b = RunLength(y, y_end, value);
    walk.Ties(a, b);
    walk.Step(value, a, b);
    x += a;
    y += b;
  }
  return walk.Finish();
}

}  // namespace retrain::stats
