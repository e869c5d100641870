#include "retrain/stats/mcnemar.h"

#include <algorithm>
#include <cmath>

#include "retrain/stats/distributions.h"

namespace retrain::stats {

McNemar McNemarTest(const Discordance& seen) {
  const std::int64_t n = seen.wins + seen.losses;
  if (n == 0) return {};
  const std::int64_t fewer = std::min(seen.wins, seen.losses);
  const auto gap = static_cast<double>(std::abs(seen.wins - seen.losses));
  const auto two_sided = [](double z) { return 2 * NormalCdf(-z); };

  McNemar p;
  p.exact = std::min(1.0, 2 * BinomialCdf(fewer, n, 0.5));
  p.mid_p = 2 * BinomialCdf(fewer, n, 0.5) - BinomialPmf(fewer, n, 0.5);
  p.asymptotic = two_sided(gap / std::sqrt(static_cast<double>(n)));
  p.corrected = two_sided(std::max(0.0, gap - 1) / std::sqrt(static_cast<double>(n)));
  p.one_sided_exact = BinomialCdf(n - seen.wins, n, 0.5);  // P(X >= wins), by symmetry
  p.one_sided_mid_p = p.one_sided_exact - 0.5 * BinomialPmf(seen.wins, n, 0.5);
  return p;
}

}  // namespace retrain::stats
