#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "retrain/base/random.h"
#include "retrain/drift/parity/bins.h"
#include "retrain/drift/parity/columns.h"
#include "retrain/drift/parity/samples.h"
#include "retrain/stats/counts.h"
#include "retrain/stats/cramer_von_mises.h"
#include "retrain/stats/distributions.h"
#include "retrain/stats/divergences.h"
#include "retrain/stats/mean_tests.h"
#include "retrain/stats/rank_tests.h"
#include "retrain/stats/sort_values.h"

// Evidently 0.7: nulls and infinite values are dropped, numbers are binned by Sturges over both samples, and the score
// is a p-value or a distance.
namespace retrain::drift::parity {
namespace {

using stats::Merged;

Number PValue(double p) { return {p, p}; }

Result<Number> Ks(const ColumnSample& reference, const ColumnSample& current) {
  return OfRanks(reference, current, "evidently/ks", 1,
                 [](const Merged& merged) { return PValue(stats::KolmogorovSmirnov(merged).p_value); });
}

Result<Number> Anderson(const ColumnSample& reference, const ColumnSample& current) {
  static constexpr std::string_view kName = "evidently/anderson";
  return OfRanks(reference, current, kName, 2, [](const Merged& merged) -> Result<Number> {
    if (merged.distinct < 2) return Refused(kName, "all values are equal");
    return PValue(stats::AndersonDarling(merged).p_value);
  });
}

Result<Number> CramerVonMises(const ColumnSample& reference, const ColumnSample& current) {
  constexpr double kLastTerm = 1e-7;
  return OfRanks(reference, current, "evidently/cramer_von_mises", 2,
                 [](const Merged& merged) { return PValue(stats::CramerVonMises(merged, kLastTerm).p_value); });
}

// One-sided: only a shift upwards is seen.
Result<Number> MannWhitney(const ColumnSample& reference, const ColumnSample& current) {
  return OfRanks(reference, current, "evidently/mannw", 1, [](const Merged& merged) {
    return PValue(stats::MannWhitney(merged, stats::Alternative::kLess).p_value);
  });
}

Result<Number> Energy(const ColumnSample& reference, const ColumnSample& current) {
  return OfRanks(reference, current, "evidently/ed", 1,
                 [](const Merged& merged) { return Number{stats::EnergyDistance(merged)}; });
}

Result<Number> Wasserstein(const ColumnSample& reference, const ColumnSample& current) {
  constexpr double kLeastDeviation = 0.001;
  TRY(const auto samples, Finite(reference, current, "evidently/wasserstein"));
  const double deviation = std::max(PopulationDeviation(samples.reference), kLeastDeviation);
  return OfRanks(reference, current, "evidently/wasserstein", 1,
                 [deviation](const Merged& merged) { return Number{merged.area / deviation}; });
}

Result<Number> StudentT(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto samples, Finite(reference, current, "evidently/t_test", 2));
  return PValue(stats::StudentT(samples.reference, samples.current).p_value);
}

Result<Number> EppsSingleton(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto result, EppsSingletonOf(reference, current, "evidently/es"));
  return PValue(result.p_value);
}

// Shares of the same bins or categories in both.
struct Binned {
  std::vector<double> reference;
  std::vector<double> current;
};

Result<Binned> Bin(const ColumnSample& reference, const ColumnSample& current, std::string_view method) {
  constexpr std::size_t kFewValues = 20;  // in the reference; each is then a bin of its own
  TRY(const auto table, Table(reference, current, method));
  const auto distinct = static_cast<std::size_t>(
      std::count_if(table.reference.begin(), table.reference.end(), [](std::int64_t count) { return count > 0; }));
  if (reference.kind == ColumnKind::kCategorical || distinct <= kFewValues) {
    return Binned{Shares(table.reference), Shares(table.current)};
  }
  TRY(const auto samples, Finite(reference, current, method));
  std::vector<double> both = samples.reference;
  both.insert(both.end(), samples.current.begin(), samples.current.end());
  const auto edges = SturgesEdges(both, samples.integers);
  const auto shares = [&edges](std::span<const double> values) {
    auto counts = CountBetween(edges, values);
    for (double& count : counts) count /= static_cast<double>(values.size());
    return counts;
  };
  return Binned{shares(samples.reference), shares(samples.current)};
}

// Shares of 0 are lifted: to a millionth of the smallest other share when that is tiny, else to 1e-4. The sum is then
// no longer 1.
void LiftZeros(std::vector<double>& shares) {
  constexpr double kTiny = 1e-4;
  double smallest = 1;
  for (const double share : shares) smallest = share > 0 ? std::min(smallest, share) : smallest;
  const double lifted = smallest <= kTiny ? smallest / 1e6 : kTiny;
  std::replace(shares.begin(), shares.end(), 0.0, lifted);
}

Result<Number> JensenShannon(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto binned, Bin(reference, current, "evidently/jensenshannon"));
  return Number{stats::JensenShannonDistance(binned.reference, binned.current)};
}

template <double (*kDivergence)(std::span<const double>, std::span<const double>)>
Result<Number> Lifted(const ColumnSample& reference, const ColumnSample& current) {
  TRY(auto binned, Bin(reference, current, "evidently/psi"));
  LiftZeros(binned.reference);
  LiftZeros(binned.current);
  return Number{kDivergence(binned.reference, binned.current)};
}

// Bins by Sturges over the *different* values, however often they occur; categories each for itself.
Result<Number> Hellinger(const ColumnSample& reference, const ColumnSample& current) {
  static constexpr std::string_view kName = "evidently/hellinger";
  double overlap = 0;
  if (reference.kind == ColumnKind::kCategorical) {
    TRY(const auto table, Table(reference, current, kName));
    const auto p = Shares(table.reference);
    const auto q = Shares(table.current);
    for (std::size_t i = 0; i < p.size(); ++i) overlap += std::sqrt(p[i] * q[i]);
  } else {
    TRY(const auto samples, Finite(reference, current, kName));
    std::vector<double> different = samples.reference;
    different.insert(different.end(), samples.current.begin(), samples.current.end());
    stats::SortValues(different);
    different.erase(std::unique(different.begin(), different.end()), different.end());
    const auto edges = SturgesEdges(different, samples.integers);
    const auto p = CountBetween(edges, samples.reference);
    const auto q = CountBetween(edges, samples.current);
    const auto n = static_cast<double>(samples.reference.size());
    const auto m = static_cast<double>(samples.current.size());
    for (std::size_t i = 0; i < p.size(); ++i) overlap += std::sqrt(p[i] / n * (q[i] / m));
  }
  return Number{std::sqrt(1 - std::clamp(overlap, 0.0, 1.0))};
}

// Takes the reference's shares as exact, so it alarms too often the larger the current sample is.
Result<Number> ChiSquare(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto table, Table(reference, current, "evidently/chisquare"));
  if (table.categories.size() == 1) return PValue(std::numeric_limits<double>::quiet_NaN());
  const double scale = static_cast<double>(table.current_rows) / static_cast<double>(table.reference_rows);
  std::vector<double> expected;
  for (const auto count : table.reference) expected.push_back(static_cast<double>(count) * scale);
  return PValue(stats::GoodnessOfFit(table.current, expected).p_value);
}

Result<Number> GTest(const ColumnSample& reference, const ColumnSample& current) {
  static constexpr std::string_view kName = "evidently/g_test";
  TRY(const auto table, Table(reference, current, kName));
  if (table.reference_rows != table.current_rows) {
    return Refused(kName, fmt::format("it needs samples of one size, and these have {} and {} values",
                                      table.reference_rows, table.current_rows));
  }
  double statistic = 0;
  for (std::size_t i = 0; i < table.current.size(); ++i) {
    const auto observed = static_cast<double>(table.current[i]);
    if (observed > 0) statistic += 2 * observed * std::log(observed / static_cast<double>(table.reference[i]));
  }
  if (table.categories.size() == 1) return PValue(std::numeric_limits<double>::quiet_NaN());
  if (std::isinf(statistic)) return PValue(0);
  return PValue(stats::ChiSquareUpperTail(std::max(0.0, statistic), static_cast<double>(table.categories.size()) - 1));
}

Result<Number> Fisher(const ColumnSample& reference, const ColumnSample& current) {
  static constexpr std::string_view kName = "evidently/fisher_exact";
  TRY(const auto table, Table(reference, current, kName));
  if (table.categories.size() > 2) {
    return Refused(kName, fmt::format("it takes two categories, and there are {}", table.categories.size()));
  }
  if (table.reference_rows != table.current_rows) {
    return Refused(kName, fmt::format("it needs samples of one size, and these have {} and {} values",
                                      table.reference_rows, table.current_rows));
  }
  if (table.categories.size() == 1) return PValue(1);
  return PValue(stats::FisherExact(table.reference[0], table.reference[1], table.current[0], table.current[1]).p_value);
}

Result<Number> TwoProportions(const ColumnSample& reference, const ColumnSample& current) {
  static constexpr std::string_view kName = "evidently/z";
  TRY(const auto table, Table(reference, current, kName));
  if (table.categories.size() == 1) return PValue(1);
  // the first category against all others
  const auto test = stats::TwoProportionZ(table.reference_rows - table.reference[0], table.reference_rows,
                                          table.current_rows - table.current[0], table.current_rows);
  return PValue(2 * (1 - stats::NormalCdf(std::fabs(test.statistic))));  // as they do: nothing is left below 1e-16
}

// The share of 1,000 exchanges of rows between the samples that part them at least as far. Theirs are other exchanges,
// so the last digits differ: by at most 0.06 but for one time in ten thousand.
Result<Number> TotalVariation(const ColumnSample& reference, const ColumnSample& current) {
  constexpr int kExchanges = 1000;
  TRY(const auto table, Table(reference, current, "evidently/TVD"));
  const double observed = stats::TotalVariation(Shares(table.reference), Shares(table.current));
  std::vector<std::uint32_t> rows;
  for (std::size_t i = 0; i < table.categories.size(); ++i) {
    rows.insert(rows.end(), table.reference[i] + table.current[i], static_cast<std::uint32_t>(i));
  }
  Rng rng(DeriveSeed(0, "evidently/TVD"));
  int as_far = 0;
  std::vector<std::int64_t> first(table.categories.size());
  std::vector<std::int64_t> second(table.categories.size());
  for (int exchange = 0; exchange < kExchanges; ++exchange) {
    std::fill(first.begin(), first.end(), 0);
    for (std::int64_t i = 0; i < table.reference_rows; ++i) {
      std::swap(rows[i], rows[i + rng.Below(rows.size() - i)]);
      ++first[rows[i]];
    }
    for (std::size_t i = 0; i < first.size(); ++i) second[i] = table.reference[i] + table.current[i] - first[i];
    constexpr double kRounding = 1e-12;
    if (stats::TotalVariation(Shares(first), Shares(second)) >= observed - kRounding) ++as_far;
  }
  return PValue(static_cast<double>(as_far) / kExchanges);
}

constexpr auto kNumeric = ColumnKind::kNumeric;
constexpr auto kCategorical = ColumnKind::kCategorical;
constexpr Method kMethods[] = {
    {"ks", kNumeric, 0.05, Rule::kAtMost, Ks},
    {"wasserstein", kNumeric, 0.1, Rule::kAtLeast, Wasserstein},
    {"jensenshannon", kNumeric, 0.1, Rule::kAtLeast, JensenShannon},
    {"psi", kNumeric, 0.1, Rule::kAtLeast, Lifted<stats::PopulationStability>},
    {"kl_div", kNumeric, 0.1, Rule::kAtLeast, Lifted<stats::KullbackLeibler>},
    {"hellinger", kNumeric, 0.1, Rule::kAtLeast, Hellinger},
    {"anderson", kNumeric, 0.1, Rule::kBelow, Anderson},
    {"cramer_von_mises", kNumeric, 0.1, Rule::kAtMost, CramerVonMises},
    {"mannw", kNumeric, 0.05, Rule::kBelow, MannWhitney},
    {"t_test", kNumeric, 0.05, Rule::kBelow, StudentT},
    {"es", kNumeric, 0.05, Rule::kBelow, EppsSingleton},
    {"ed", kNumeric, 0.1, Rule::kAbove, Energy},
    {"chisquare", kNumeric, 0.05, Rule::kBelow, ChiSquare},
    {"z", kNumeric, 0.05, Rule::kBelow, TwoProportions},
    {"jensenshannon", kCategorical, 0.1, Rule::kAtLeast, JensenShannon},
    {"psi", kCategorical, 0.1, Rule::kAtLeast, Lifted<stats::PopulationStability>},
    {"kl_div", kCategorical, 0.1, Rule::kAtLeast, Lifted<stats::KullbackLeibler>},
    {"hellinger", kCategorical, 0.1, Rule::kAtLeast, Hellinger},
    {"chisquare", kCategorical, 0.05, Rule::kBelow, ChiSquare},
    {"z", kCategorical, 0.05, Rule::kBelow, TwoProportions},
    {"TVD", kCategorical, 0.1, Rule::kBelow, TotalVariation},
    {"g_test", kCategorical, 0.1, Rule::kBelow, GTest},
    {"fisher_exact", kCategorical, 0.1, Rule::kBelow, Fisher},
};

}  // namespace

std::span<const Method> EvidentlyMethods() { return kMethods; }

Result<std::string_view> EvidentlyDefault(const ColumnSample& reference, const ColumnSample& current) {
  constexpr std::int64_t kSmall = 1000;
  constexpr std::size_t kFewValues = 5;
  TRY(const auto table, Table(reference, current, "evidently/default"));
  const bool categories = reference.kind == ColumnKind::kCategorical || table.categories.size() <= kFewValues;
  if (table.reference_rows > kSmall) return std::string_view(categories ? "jensenshannon" : "wasserstein");
  if (!categories) return std::string_view("ks");
  return std::string_view(table.categories.size() > 2 ? "chisquare" : "z");
}

}  // namespace retrain::drift::parity
