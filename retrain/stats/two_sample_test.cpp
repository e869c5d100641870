#include <cmath>

#include <gtest/gtest.h>

#include "retrain/stats/counts.h"
#include "retrain/stats/cramer_von_mises.h"
#include "retrain/stats/divergences.h"
#include "retrain/stats/kolmogorov.h"
#include "retrain/stats/kolmogorov_laws.h"
#include "retrain/stats/mean_tests.h"
#include "retrain/stats/rank_tests.h"
#include "retrain/stats/sort_values.h"
#include "tests/golden/statistics/vectors.h"

// Every test of two samples against scipy; tests/golden/statistics/two_sample.json names its release.
namespace retrain::stats {
namespace {

constexpr double kStatistic = 1e-11;  // relative
constexpr double kPValue = 1e-9;      // relative; scipy's own rounding is near 1e-12

void ExpectClose(double ours, double theirs, double relative, const std::string& what) {
  EXPECT_NEAR(ours, theirs, relative * std::fabs(theirs) + 1e-13) << what;
}

void ExpectSame(const TestResult& ours, const Json& theirs, const std::string& what) {
  ASSERT_EQ(theirs.items().size(), 2U) << what;
  ExpectClose(ours.statistic, theirs.items()[0].AsDouble(), kStatistic, what + ", statistic");
  ExpectClose(ours.p_value, theirs.items()[1].AsDouble(), kPValue, what + ", p-value");
}

std::vector<double> Sorted(std::vector<double> values) {
  SortValues(values);
  return values;
}

TEST(TwoSample, TestsOnRanksGiveTheNumbersOfScipy) {
  const std::pair<std::string, Alternative> sides[] = {
      {"two-sided", Alternative::kTwoSided}, {"less", Alternative::kLess}, {"greater", Alternative::kGreater}};
  const Json all = golden::ReadVectors("two_sample");
  ASSERT_EQ(all["samples"].members().size(), 10U);
  for (const auto& [name, theirs] : all["samples"].members()) {
    const auto first = Sorted(golden::Numbers(theirs["first"]));
    const auto second = Sorted(golden::Numbers(theirs["second"]));
    const Merged merged = Merge(first, second);
    for (const auto& [side, alternative] : sides) {
      ExpectSame(KolmogorovSmirnov(merged, KsMethod::kExact, alternative), theirs["ks exact " + side],
                 name + ": KS exact " + side);
      ExpectSame(KolmogorovSmirnov(merged, KsMethod::kLimit, alternative), theirs["ks asymp " + side],
                 name + ": KS limit " + side);
      ExpectSame(MannWhitney(merged, alternative), theirs["mann-whitney " + side], name + ": Mann-Whitney " + side);
    }
    constexpr double kTheirLastTerm = 1e-7;
    ExpectSame(CramerVonMises(merged, kTheirLastTerm), theirs["cramer-von mises"], name + ": Cramér-von Mises");
    EXPECT_NEAR(CramerVonMises(merged).p_value, CramerVonMises(merged, kTheirLastTerm).p_value, 2e-7) << name;
    ExpectSame(AndersonDarling(merged), theirs["anderson-darling"], name + ": Anderson-Darling");
    ExpectClose(merged.area, theirs["wasserstein"].AsDouble(), kStatistic, name + ": Wasserstein");
    ExpectClose(EnergyDistance(merged), theirs["energy"].AsDouble(), kStatistic, name + ": energy");
  }
}

TEST(TwoSample, TestsOnValuesGiveTheNumbersOfScipy) {
  const Json all = golden::ReadVectors("two_sample");
  for (const auto& [name, theirs] : all["samples"].members()) {
    const auto first = golden::Numbers(theirs["first"]);
    const auto second = golden::Numbers(theirs["second"]);
    ExpectSame(StudentT(first, second), theirs["student"], name + ": Student");
    ExpectSame(WelchT(first, second), theirs["welch"], name + ": Welch");
    const auto epps = EppsSingleton(first, second);
    const auto& numbers = theirs["epps-singleton"].items();
    ASSERT_EQ(numbers.size(), 2U);
    constexpr double kIllConditioned = 1e-9;  // two values far apart leave a covariance that is nearly singular
    ExpectClose(epps.test.statistic, numbers[0].AsDouble(), kIllConditioned, name + ": Epps-Singleton");
    ExpectClose(epps.test.p_value, numbers[1].AsDouble(), kIllConditioned, name + ": Epps-Singleton, p-value");
  }
}

TEST(TwoSample, TestsOnCountsGiveTheNumbersOfScipy) {
  const Json all = golden::ReadVectors("two_sample");
  ASSERT_EQ(all["counts"].items().size(), 5U);
  for (const auto& theirs : all["counts"].items()) {
    std::vector<std::int64_t> first;
    std::vector<std::int64_t> second;
    for (const auto& count : theirs["first"].items()) first.push_back(count.AsInt());
    for (const auto& count : theirs["second"].items()) second.push_back(count.AsInt());
    const std::string name = theirs["first"].Dump();
    ExpectSame(ChiSquare(first, second).test, theirs["chi-square"], name + " chi-square");
    ExpectSame(ChiSquare(first, second, false).test, theirs["chi-square without yates"], name + " without Yates");
    ExpectSame(LogLikelihoodRatio(first, second).test, theirs["likelihood ratio"], name + " G");
    if (first.size() == 2) {
      ExpectSame(FisherExact(first[0], first[1], second[0], second[1]), theirs["fisher"], name + " Fisher");
    }
    std::vector<double> p;
    std::vector<double> q;
    std::vector<double> expected;
    double n = 0;
    double m = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
      n += static_cast<double>(first[i]);
      m += static_cast<double>(second[i]);
    }
    for (std::size_t i = 0; i < first.size(); ++i) {
      p.push_back(static_cast<double>(first[i]) / n);
      q.push_back(static_cast<double>(second[i]) / m);
      expected.push_back(static_cast<double>(first[i]) * m / n);
    }
    if (theirs.Has("goodness of fit")) {
      ExpectSame(GoodnessOfFit(second, expected), theirs["goodness of fit"], name + " fit");
    }
    if (theirs.Has("stability")) {
      ExpectClose(PopulationStability(p, q), theirs["stability"].AsDouble(), kStatistic, name + " PSI");
      ExpectClose(KullbackLeibler(p, q), theirs["kullback-leibler"].AsDouble(), kStatistic, name + " KL");
    }
    ExpectClose(JensenShannonDistance(p, q), theirs["jensen-shannon"].AsDouble(), 1e-9, name + " JS");
    ExpectClose(HellingerDistance(p, q), theirs["hellinger"].AsDouble(), 1e-9, name + " Hellinger");
    ExpectClose(TotalVariation(p, q), theirs["total variation"].AsDouble(), kStatistic, name + " TV");
    ExpectClose(LargestDifference(p, q), theirs["largest difference"].AsDouble(), kStatistic, name + " L-infinity");
  }
}

TEST(KolmogorovLaws, GiveTheNumbersOfScipy) {
  const Json laws = golden::ReadVectors("two_sample")["laws"];
  ASSERT_GT(laws["two-sided"].items().size(), 90U);
  for (const auto& row : laws["two-sided"].items()) {
    const auto& [n, d, theirs] =
        std::tuple(row.items()[0].AsInt(), row.items()[1].AsDouble(), row.items()[2].AsDouble());
    ExpectClose(KolmogorovTail(n, d), theirs, 1e-9, "two-sided " + row.Dump());
  }
  for (const auto& row : laws["one-sided"].items()) {
    const auto& [n, d, theirs] =
        std::tuple(row.items()[0].AsInt(), row.items()[1].AsDouble(), row.items()[2].AsDouble());
    EXPECT_NEAR(SmirnovTail(n, d) / theirs, 1, 1e-11) << "one-sided " << row.Dump();
  }
}

TEST(TwoSample, OfEqualSamplesFindNothing) {
  const std::vector<double> same = {1, 2, 2, 3, 5, 8, 8, 8, 9};
  const Merged merged = Merge(same, same);
  EXPECT_EQ(merged.above, 0);
  EXPECT_EQ(merged.below, 0);
  EXPECT_EQ(merged.area, 0);
  EXPECT_EQ(KolmogorovSmirnov(merged).p_value, 1);
  EXPECT_EQ(merged.twice_wins, 81);
  EXPECT_EQ(MannWhitney(merged).p_value, 1);
}

TEST(TwoSample, OfConstantSamplesAreDefinedWhereTheyCanBe) {
  const std::vector<double> constant(50, 5.0);
  const Merged merged = Merge(constant, constant);
  EXPECT_EQ(merged.distinct, 1);
  EXPECT_EQ(merged.tail_misfit, 0);
  EXPECT_EQ(KolmogorovSmirnov(merged).p_value, 1);
  EXPECT_EQ(MannWhitney(merged).p_value, 1);
  EXPECT_TRUE(std::isnan(StudentT(constant, constant).statistic));
  EXPECT_TRUE(std::isnan(TwoProportionZ(0, 9, 0, 7).statistic));
  const std::int64_t only[] = {9};
  EXPECT_EQ(ChiSquare(only, only).test, (TestResult{0, 1}));
}

}  // namespace
}  // namespace retrain::stats
