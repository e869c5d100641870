#include "retrain/stats/exact_laws.h"

#include <cmath>
#include <numeric>
#include <vector>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {

AccuracyLaw BootstrapLawOfAccuracy(const Discordance& seen) {
  const std::int64_t discordant = seen.wins + seen.losses;
  if (discordant == 0) return {.below = 0, .at_or_below = 1};
  const double share = static_cast<double>(discordant) / static_cast<double>(seen.n);
  const double winning = static_cast<double>(seen.wins) / static_cast<double>(discordant);
  AccuracyLaw law;
  for (std::int64_t m = 0; m <= seen.n; ++m) {
    const double mass = BinomialPmf(m, seen.n, share);
    if (mass == 0) continue;
    law.below += mass * BinomialCdf((m + 1) / 2 - 1, m, winning);  // wins < m/2
    law.at_or_below += mass * BinomialCdf(m / 2, m, winning);
  }
  return law;
}

double ExactPermutationPValue(std::span<const MirroredCells> seen,
                              const std::function<double(std::span<const std::int64_t> firsts)>& statistic) {
  double worlds = 1;
  std::vector<std::int64_t> firsts(seen.size());
  std::vector<std::vector<double>> mass(seen.size());
  for (std::size_t pair = 0; pair < seen.size(); ++pair) {
    const std::int64_t rows = seen[pair].first + seen[pair].second;
    worlds *= static_cast<double>(rows + 1);
    firsts[pair] = seen[pair].first;
    for (std::int64_t k = 0; k <= rows; ++k) mass[pair].push_back(BinomialPmf(k, rows, 0.5));
  }
  RETRAIN_ALWAYS(worlds <= 1e7);
  const double far = std::fabs(statistic(firsts)) * (1 - 1e-12);  // equal values may differ in their last bits

  std::fill(firsts.begin(), firsts.end(), 0);
  double p = 0;
  for (std::size_t pair = 0; pair < seen.size() || seen.empty();) {
    double chance = 1;
    for (std::size_t i = 0; i < seen.size(); ++i) chance *= mass[i][firsts[i]];
    if (std::fabs(statistic(firsts)) >= far) p += chance;
    for (pair = 0; pair < seen.size(); ++pair) {  // the next world, like an odometer
      if (++firsts[pair] < static_cast<std::int64_t>(mass[pair].size())) break;
      firsts[pair] = 0;
    }
    if (seen.empty()) break;
  }
  return p;
}

double ExactSignFlipPValue(std::span<const double> differences) {
  RETRAIN_ALWAYS(differences.size() <= 24);
  const double seen = std::accumulate(differences.begin(), differences.end(), 0.0);
  double size = 0;
  for (const double d : differences) size += std::fabs(d);
  const double near = seen - 1e-12 * size;
  std::int64_t hits = 0;
  const std::int64_t worlds = std::int64_t{1} << differences.size();
  for (std::int64_t signs = 0; signs < worlds; ++signs) {
    double sum = 0;
    for (std::size_t i = 0; i < differences.size(); ++i)
      sum += ((signs >> i) & 1) != 0 ? differences[i] : -differences[i];
    hits += sum >= near ? 1 : 0;
  }
  return static_cast<double>(hits) / static_cast<double>(worlds);
}

}  // namespace retrain::stats
