#include "retrain/drift/suite.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "retrain/stats/counts.h"
#include "retrain/stats/cramer_von_mises.h"
#include "retrain/stats/divergences.h"
#include "retrain/stats/effect_floor.h"
#include "retrain/stats/kolmogorov.h"
#include "retrain/stats/rank_tests.h"

namespace retrain::drift {
namespace {

std::span<const double> FiniteOf(std::span<const double> sorted) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto first = std::ranges::upper_bound(sorted, -kInfinity);
  return {first, std::ranges::lower_bound(first, sorted.end(), kInfinity)};
}

std::vector<double> Shares(const std::vector<std::int64_t>& counts) {
  const auto all = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::int64_t{0}));
  std::vector<double> shares;
  shares.reserve(counts.size());
  for (const std::int64_t count : counts) shares.push_back(static_cast<double>(count) / all);
  return shares;
}

bool HasRows(const std::vector<std::int64_t>& counts) {
  return std::ranges::any_of(counts, [](std::int64_t count) { return count > 0; });
}

void AddDivergences(const std::vector<std::int64_t>& reference, const std::vector<std::int64_t>& current,
                    std::vector<Statistic>& all) {
  all.push_back({"psi", stats::StabilityIndex(reference, current)});
  all.push_back({"jensen_shannon", stats::JensenShannonDistance(Shares(reference), Shares(current))});
}

void AddTest(const std::string& name, const stats::TestResult& test, std::vector<Statistic>& all) {
  all.push_back({name, test.statistic});
  all.push_back({name + "_p_value", test.p_value});
}

}  // namespace

std::vector<Statistic> NumberStatistics(std::span<const double> reference, std::span<const double> current,
                                        const std::vector<std::int64_t>& reference_cells,
                                        const std::vector<std::int64_t>& current_cells) {
  std::vector<Statistic> all;
  if (!HasRows(reference_cells) || !HasRows(current_cells)) return all;
  const auto first = FiniteOf(reference);
  const auto second = FiniteOf(current);
  if (!first.empty() && !second.empty()) {
    const auto merged = stats::Merge(first, second);
    AddTest("ks", stats::KolmogorovSmirnov(merged), all);
    all.push_back({"wasserstein", merged.area});
    AddTest("cramer_von_mises", stats::CramerVonMises(merged), all);
    if (merged.distinct >= 2 && merged.n_first + merged.n_second >= 4)
      AddTest("anderson_darling", stats::AndersonDarling(merged), all);
    AddTest("mann_whitney", stats::MannWhitney(merged), all);
  }
  AddDivergences(reference_cells, current_cells, all);
  return all;
}

std::vector<Statistic> CategoryStatistics(const CategoryCounts& reference, const CategoryCounts& current) {
  std::vector<Statistic> all;
  if (reference.rows() == 0 || current.rows() == 0) return all;
  std::vector<std::int64_t> first;
  std::vector<std::int64_t> second;
  EachCategory(reference, current, [&](std::string_view, std::int64_t here, std::int64_t there) {
    first.push_back(here);
    second.push_back(there);
  });
  if (reference.others() + current.others() > 0) {
    first.push_back(reference.others());
    second.push_back(current.others());
  }
  AddTest("chi_square", stats::ChiSquare(first, second, /*yates=*/false).test, all);
  AddDivergences(first, second, all);
  return all;
}

}  // namespace retrain::drift
