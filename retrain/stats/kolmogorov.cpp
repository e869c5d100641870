#include "retrain/stats/kolmogorov.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>

#include "retrain/base/result.h"
#include "retrain/stats/kolmogorov_laws.h"

namespace retrain::stats {
namespace {

// The share of paths from (0, 0) to (x, y) that have left the band before or at (x, y). A path to (x, y) came from
// (x - 1, y) with chance x/(x + y), as all paths are equally likely. One column of y at a time; `low` … `high` is the
// part of the column inside the band, below and above it the share is 1.
class Outside {
 public:
  Outside(std::int64_t n, std::int64_t m, std::int64_t reach, bool both) : n_(n), m_(m), reach_(reach), both_(both) {}

  double AtEnd() {
    std::vector<double> share(m_ + 1, 1);
    for (std::int64_t x = 0; x <= n_; ++x) {
      // |x m - y n| < reach, or only x m - y n < reach
      const std::int64_t low = std::max<std::int64_t>(0, FloorDivide(x * m_ - reach_, n_) + 1);
      const std::int64_t high = both_ ? std::min(m_, -(FloorDivide(-(x * m_ + reach_), n_) + 1)) : m_;
      if (low > 0) share[low - 1] = 1;
      for (std::int64_t y = low; y <= high; ++y) {
        const auto from_left = static_cast<double>(x);
        const auto from_below = static_cast<double>(y);
        if (x == 0 && y == 0) {
          share[0] = 0;
        } else {
          const double below = y > 0 ? share[y - 1] : 0;
          share[y] = ((x > 0 ? from_left * share[y] : 0) + from_below * below) / (from_left + from_below);
        }
      }
      if (high < m_) share[high + 1] = 1;
    }
    return share[m_];
  }

 private:
  static std::int64_t FloorDivide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

  std::int64_t n_;
  std::int64_t m_;
  std::int64_t reach_;
  bool both_;
};

// Equal sizes have a closed form (Gnedenko and Korolyuk 1951): an alternating sum of binomials, nested so that nothing
// cancels.
double EqualSizesTail(std::int64_t n, std::int64_t steps) {
  double tail = 0;
  for (std::int64_t k = n / steps; k >= 0; --k) {
    double ratio = 1;
    for (std::int64_t j = 0; j < steps; ++j) {
      ratio *= static_cast<double>(n - k * steps - j) / static_cast<double>(n + k * steps + j + 1);
    }
    tail = ratio * (1 - tail);
  }
  return 2 * tail;
}

bool BinomialIsADouble(std::int64_t n, std::int64_t m) {
  const auto log_factorial = [](std::int64_t k) { return boost::math::lgamma(static_cast<double>(k) + 1); };
  return log_factorial(n + m) - log_factorial(n) - log_factorial(m) < 709.78;
}

double LimitTail(double n, double m, double d, Alternative alternative) {
  const double effective = n * m / (n + m);
  if (alternative == Alternative::kTwoSided) {
    return KolmogorovTail(std::max<std::int64_t>(1, std::llrint(effective)), d);
  }
  const double large = std::max(n, m);
  const double small = std::min(n, m);
  const double z = std::sqrt(effective) * d;
  return std::exp(-2 * z * z - 2 * z * (large + 2 * small) / std::sqrt(large * small * (large + small)) / 3);
}

}  // namespace

double ExactTwoSidedTail(std::int64_t n, std::int64_t m, std::int64_t reach) {
  RETRAIN_ALWAYS(n >= 1 && m >= 1 && reach >= 0 && reach <= n * m);
  if (reach == 0) return 1;
  if (n == m) return std::clamp(EqualSizesTail(n, (reach + n - 1) / n), 0.0, 1.0);
  return std::clamp(Outside(n, m, reach, true).AtEnd(), 0.0, 1.0);
}

double ExactOneSidedTail(std::int64_t n, std::int64_t m, std::int64_t reach) {
  RETRAIN_ALWAYS(n >= 1 && m >= 1 && reach >= 0 && reach <= n * m);
  if (reach == 0) return 1;
  if (n == m) {
    double tail = 1;
    for (std::int64_t j = 0; j < (reach + n - 1) / n; ++j) {
      tail *= static_cast<double>(n - j) / static_cast<double>(n + j + 1);
    }
    return tail;
  }
  return std::clamp(Outside(n, m, reach, false).AtEnd(), 0.0, 1.0);
}

TestResult KolmogorovSmirnov(const Merged& merged, KsMethod method, Alternative alternative) {
  constexpr std::int64_t kLargestExact = 10000;
  const std::int64_t reach = alternative == Alternative::kGreater ? merged.above
                             : alternative == Alternative::kLess  ? merged.below
                                                                  : std::max(merged.above, merged.below);
  const std::int64_t n = merged.n_first;
  const std::int64_t m = merged.n_second;
  const double d = static_cast<double>(reach) / (static_cast<double>(n) * static_cast<double>(m));
  bool exact = method == KsMethod::kExact || (method == KsMethod::kAuto && std::max(n, m) <= kLargestExact);
  if (alternative != Alternative::kTwoSided && n != m && !BinomialIsADouble(n, m)) exact = false;
  if (!exact) {
    const double tail = LimitTail(static_cast<double>(n), static_cast<double>(m), d, alternative);
    return {d, std::clamp(tail, 0.0, 1.0)};
  }
  return {d, alternative == Alternative::kTwoSided ? ExactTwoSidedTail(n, m, reach) : ExactOneSidedTail(n, m, reach)};
}

}  // namespace retrain::stats
