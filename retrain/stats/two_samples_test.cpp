#include "retrain/stats/two_samples.h"

#include <gtest/gtest.h>

#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

// Newcombe (1998), Statistics in Medicine 17, 873-890, table II, contrasts (a), (b), (d) and (e), method 10; two-sided
// 95 %, which is one-sided 97.5 %.
TEST(IndependentDifference, OfTwoSharesIsThatOfNewcombesTable) {
  struct Row {
    std::int64_t a, m, b, n;
    double lower, upper;
  };
  const Row rows[] = {{56, 70, 48, 80, 0.0524, 0.3339},
                      {9, 10, 3, 10, 0.1705, 0.8090},
                      {5, 56, 0, 29, -0.0381, 0.1926},
                      {0, 10, 0, 20, -0.1611, 0.2775}};
  for (const auto& row : rows) {
    const auto difference =
        IndependentDifference(WilsonInterval(row.a, row.m, 0.975), WilsonInterval(row.b, row.n, 0.975));
    EXPECT_NEAR(difference.lower, row.lower, 5e-5);
    EXPECT_NEAR(difference.upper, row.upper, 5e-5);
    EXPECT_EQ(difference.n, row.m + row.n);
  }
}

TEST(IndependentDifference, OfANumberKnownExactlyHasTheDoubtOfTheOther) {
  const Interval exact{.value = 0.9, .lower = 0.9, .upper = 0.9};
  const auto seen = WilsonInterval(80, 100, 0.95);
  const auto difference = IndependentDifference(exact, seen);
  EXPECT_DOUBLE_EQ(difference.lower, 0.9 - seen.upper);
  EXPECT_DOUBLE_EQ(difference.upper, 0.9 - seen.lower);
}

TEST(WilsonInterval, StaysWithinZeroAndOne) {
  EXPECT_EQ(WilsonInterval(0, 10, 0.95).lower, 0);
  EXPECT_EQ(WilsonInterval(10, 10, 0.95).upper, 1);
  EXPECT_LT(WilsonInterval(10, 10, 0.95).lower, 0.9);
}

// Exactly, over all outcomes: how often a lower bound above 0 says that a share fell when it did not.
TEST(IndependentDifference, SeldomSaysThatAShareFellWhenItDidNot) {
  for (const double p : {0.6, 0.8, 0.9, 0.95}) {
    double false_alarms = 0;
    constexpr std::int64_t kFirst = 200;
    constexpr std::int64_t kSecond = 150;
    for (std::int64_t a = 0; a <= kFirst; ++a) {
      for (std::int64_t b = 0; b <= kSecond; ++b) {
        const auto fell = IndependentDifference(WilsonInterval(a, kFirst, 0.95), WilsonInterval(b, kSecond, 0.95));
        if (fell.lower > 0) false_alarms += BinomialPmf(a, kFirst, p) * BinomialPmf(b, kSecond, p);
      }
    }
    EXPECT_LT(false_alarms, 0.062) << p;  // approximate as all score intervals are: near 5 %
    EXPECT_GT(false_alarms, 0.03) << p;   // and not by never speaking
  }
}

}  // namespace
}  // namespace retrain::stats
