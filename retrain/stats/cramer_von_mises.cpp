#include "retrain/stats/cramer_von_mises.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <utility>
#include <vector>

#include <boost/math/special_functions/bessel.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "retrain/base/result.h"

namespace retrain::stats {
namespace {

// How many interleavings have a given sum of squared differences; ascending in the sum.
using Counts = std::vector<std::pair<std::int64_t, double>>;

Counts Add(const Counts& a, const Counts& b, std::int64_t shift) {
  Counts sum;
  sum.reserve(a.size() + b.size());
  for (auto i = a.begin(), j = b.begin(); i != a.end() || j != b.end();) {
    if (j == b.end() || (i != a.end() && i->first < j->first)) {
      sum.emplace_back(i->first + shift, i->second);
      ++i;
    } else if (i == a.end() || j->first < i->first) {
      sum.emplace_back(j->first + shift, j->second);
      ++j;
    } else {
      sum.emplace_back(i->first + shift, i->second + j->second);
      ++i;
      ++j;
    }
  }
  return sum;
}

}  // namespace

double CramerVonMisesTail(double x, double smallest_term) {
  RETRAIN_ALWAYS(x > 0 && smallest_term > 0);
  constexpr double kNothingLeft = 8.5;  // the law has less than 1e-17 beyond
  if (x > kNothingLeft && smallest_term < 1e-16) return 0;
  double inside = 0;
  for (int k = 0;; ++k) {
    const double gammas = boost::math::tgamma_delta_ratio(k + 0.5, 0.5);  // Γ(k + 1/2)/Γ(k + 1)
    const double y = 4.0 * k + 1;
    const double q = y * y / (16 * x);
    const double bessel = q > 700 ? 0 : boost::math::cyl_bessel_k(0.25, q);
    const double term =
        gammas / (std::pow(std::numbers::pi, 1.5) * std::sqrt(x)) * std::sqrt(y) * std::exp(-q) * bessel;
    inside += term;
    if (term < smallest_term) break;
  }
  return std::max(0.0, 1 - inside);
}

double ExactCramerVonMisesTail(std::int64_t four_u, std::int64_t n, std::int64_t m) {
  RETRAIN_ALWAYS(n >= 1 && m >= 1 && n <= 20 && m <= 20);
  // T in the units of the count: multiples of 1/lcm² of the sum of squared differences along the path.
  const std::int64_t lcm = std::lcm(n, m);
  const std::int64_t k = n * m;
  const double excess = 6 * static_cast<double>(four_u) - 4.0 * static_cast<double>(k * (4 * k - 1));
  const double reached =
      std::floor(static_cast<double>(lcm * lcm * (n + m)) * excess / static_cast<double>(24 * k * k));

  std::vector<Counts> column(n + 1);  // the paths to (v, u), v of the first sample and u of the second
  column[0] = {{0, 1}};
  for (std::int64_t u = 0; u <= m; ++u) {
    Counts from_left;
    for (std::int64_t v = 0; v <= n; ++v) {
      const std::int64_t gap = lcm / n * v - lcm / m * u;
      column[v] = Add(from_left, column[v], gap * gap);
      from_left = column[v];
    }
  }
  double all = 0;
  double far = 0;
  for (const auto& [sum, ways] : column[n]) {
    all += ways;
    if (static_cast<double>(sum) >= reached) far += ways;
  }
  return far / all;
}

TestResult CramerVonMises(const Merged& merged, double smallest_term) {
  constexpr std::int64_t kLargestExact = 20;
  const double t = merged.rank_misfit;
  if (std::max(merged.n_first, merged.n_second) <= kLargestExact) {
    return {t, ExactCramerVonMisesTail(merged.misfit_4u, merged.n_first, merged.n_second)};
  }
  const auto n = static_cast<double>(merged.n_first);
  const auto m = static_cast<double>(merged.n_second);
  const double total = n + m;
  const double k = n * m;
  const double mean = (1 + 1 / total) / 6;
  const double variance = (total + 1) * (4 * k * total - 3 * (n * n + m * m) - 2 * k) / (45 * total * total * 4 * k);
  const double scaled = 1.0 / 6 + (t - mean) / std::sqrt(45 * variance);
  constexpr double kCertain = 0.003;  // below, the law has less than 1.3e-18
  return {t, scaled < kCertain ? 1 : CramerVonMisesTail(scaled, smallest_term)};
}

}  // namespace retrain::stats
