#include <numeric>

#include "retrain/drift/parity/columns.h"
#include "retrain/drift/parity/samples.h"
#include "retrain/stats/counts.h"
#include "retrain/stats/cramer_von_mises.h"
#include "retrain/stats/divergences.h"
#include "retrain/stats/mean_tests.h"
#include "retrain/stats/rank_tests.h"
#include "retrain/stats/sort_values.h"

// scipy 1.17's tests of two samples, called with a column's finite values. scipy has no thresholds: its p-values are
// held against 0.05, its distances against none.
namespace retrain::drift::parity {
namespace {

using stats::Alternative;
using stats::KsMethod;
using stats::Merged;
using stats::TestResult;

Number From(const TestResult& test) { return {test.statistic, test.p_value}; }

template <KsMethod kMethod, Alternative kAlternative>
Result<Number> Ks(const ColumnSample& reference, const ColumnSample& current) {
  return OfRanks(reference, current, "scipy/ks_2samp", 1, [](const Merged& merged) {
    // with a common multiple of the sizes beyond 31 bits, scipy takes the limit whatever was asked
    const std::int64_t lcm = std::lcm(merged.n_first, merged.n_second);
    const auto method = kMethod == KsMethod::kExact && lcm >= INT32_MAX ? KsMethod::kLimit : kMethod;
    return From(stats::KolmogorovSmirnov(merged, method, kAlternative));
  });
}

Result<Number> CramerVonMises(const ColumnSample& reference, const ColumnSample& current) {
  constexpr double kLastTerm = 1e-7;  // where scipy ends the series
  return OfRanks(reference, current, "scipy/cramervonmises_2samp", 2,
                 [](const Merged& merged) { return From(stats::CramerVonMises(merged, kLastTerm)); });
}

Result<Number> AndersonDarling(const ColumnSample& reference, const ColumnSample& current) {
  static constexpr std::string_view kName = "scipy/anderson_ksamp:midrank";
  return OfRanks(reference, current, kName, 1, [](const Merged& merged) -> Result<Number> {
    if (merged.distinct < 2) return Refused(kName, "all values are equal");
    if (merged.n_first + merged.n_second < 4) return Refused(kName, "fewer than 4 values in both samples");
    return From(stats::AndersonDarling(merged));
  });
}

Result<Number> Wasserstein(const ColumnSample& reference, const ColumnSample& current) {
  return OfRanks(reference, current, "scipy/wasserstein_distance", 1,
                 [](const Merged& merged) { return Number{merged.area}; });
}

Result<Number> Energy(const ColumnSample& reference, const ColumnSample& current) {
  return OfRanks(reference, current, "scipy/energy_distance", 1,
                 [](const Merged& merged) { return Number{stats::EnergyDistance(merged)}; });
}

Result<Number> MannWhitney(const ColumnSample& reference, const ColumnSample& current) {
  return OfRanks(reference, current, "scipy/mannwhitneyu:two-sided", 1,
                 [](const Merged& merged) { return From(stats::MannWhitney(merged)); });
}

template <TestResult (*kTest)(std::span<const double>, std::span<const double>)>
Result<Number> T(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto samples, Finite(reference, current, "scipy/ttest_ind", 2));
  return From(kTest(samples.reference, samples.current));
}

Result<Number> EppsSingleton(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto result, EppsSingletonOf(reference, current, "scipy/epps_singleton_2samp"));
  return From(result);
}

template <bool kYates>
Result<Number> ChiSquare(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto table, Table(reference, current, "scipy/chi2_contingency"));
  return From(stats::ChiSquare(table.reference, table.current, kYates).test);
}

Result<Number> LikelihoodRatio(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto table, Table(reference, current, "scipy/g_contingency"));
  return From(stats::LogLikelihoodRatio(table.reference, table.current).test);
}

template <stats::LogBase kBase>
Result<Number> JensenShannon(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto table, Table(reference, current, "scipy/jensenshannon"));
  return Number{stats::JensenShannonDistance(Shares(table.reference), Shares(table.current), kBase)};
}

Result<Number> Fisher(const ColumnSample& reference, const ColumnSample& current) {
  TRY(const auto table, Table(reference, current, "scipy/fisher_exact"));
  if (table.categories.size() != 2) {
    return Refused("scipy/fisher_exact", "it takes a table of 2 × 2, and there are " +
                                             std::to_string(table.categories.size()) + " categories");
  }
  return From(stats::FisherExact(table.reference[0], table.reference[1], table.current[0], table.current[1]));
}

constexpr auto kNumeric = ColumnKind::kNumeric;
constexpr auto kCategorical = ColumnKind::kCategorical;
constexpr Method kMethods[] = {
    {"ks_2samp:auto", kNumeric, 0.05, Rule::kBelow, Ks<KsMethod::kAuto, Alternative::kTwoSided>},
    {"ks_2samp:exact", kNumeric, 0.05, Rule::kBelow, Ks<KsMethod::kExact, Alternative::kTwoSided>},
    {"ks_2samp:asymp", kNumeric, 0.05, Rule::kBelow, Ks<KsMethod::kLimit, Alternative::kTwoSided>},
    {"ks_2samp:less", kNumeric, 0.05, Rule::kBelow, Ks<KsMethod::kAuto, Alternative::kLess>},
    {"ks_2samp:greater", kNumeric, 0.05, Rule::kBelow, Ks<KsMethod::kAuto, Alternative::kGreater>},
    {"cramervonmises_2samp", kNumeric, 0.05, Rule::kBelow, CramerVonMises},
    {"anderson_ksamp:midrank", kNumeric, 0.05, Rule::kBelow, AndersonDarling},
    {"wasserstein_distance", kNumeric, 0, Rule::kNone, Wasserstein},
    {"energy_distance", kNumeric, 0, Rule::kNone, Energy},
    {"mannwhitneyu:two-sided", kNumeric, 0.05, Rule::kBelow, MannWhitney},
    {"ttest_ind", kNumeric, 0.05, Rule::kBelow, T<stats::StudentT>},
    {"ttest_ind:welch", kNumeric, 0.05, Rule::kBelow, T<stats::WelchT>},
    {"epps_singleton_2samp", kNumeric, 0.05, Rule::kBelow, EppsSingleton},
    {"chi2_contingency", kCategorical, 0.05, Rule::kBelow, ChiSquare<true>},
    {"chi2_contingency:no-yates", kCategorical, 0.05, Rule::kBelow, ChiSquare<false>},
    {"g_contingency", kCategorical, 0.05, Rule::kBelow, LikelihoodRatio},
    {"jensenshannon:e", kCategorical, 0, Rule::kNone, JensenShannon<stats::LogBase::kNats>},
    {"jensenshannon:2", kCategorical, 0, Rule::kNone, JensenShannon<stats::LogBase::kBits>},
    {"fisher_exact", kCategorical, 0.05, Rule::kBelow, Fisher},
};

}  // namespace

std::span<const Method> ScipyMethods() { return kMethods; }

}  // namespace retrain::drift::parity
