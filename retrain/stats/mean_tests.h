#pragma once

#include <span>

#include "retrain/stats/test_result.h"

// Tests of "both samples are from one law" that see the values themselves.
namespace retrain::stats {

// Two-sided t of the difference of two means, first less second: with one pooled variance (Student 1908), or with a
// variance of each and Satterthwaite's degrees of freedom (Welch 1947). NaN when no value differs from its mean.
// REQUIRES: finite values, two of each sample.
TestResult StudentT(std::span<const double> first, std::span<const double> second);
TestResult WelchT(std::span<const double> first, std::span<const double> second);

struct EppsSingletonResult {
  TestResult test;
  int rank = 4;  // of the covariance; below 4 the test may not see every change

  bool operator==(const EppsSingletonResult&) const = default;
};

// Compares the empirical characteristic functions at 0.4 and 0.8 over half the pooled interquartile range (Epps and
// Singleton 1986), chi-square with `rank` degrees of freedom; their small-sample factor when both have fewer than 25.
// Needs no ranks, so it suits counts. REQUIRES: finite values, five of each sample; the interquartile range is not 0.
EppsSingletonResult EppsSingleton(std::span<const double> first, std::span<const double> second);

// The value below which a `share` of a sorted sample lies, linear between its neighbours (type 7 of Hyndman and Fan
// 1996). REQUIRES: sorted, not empty; 0 <= share <= 1.
double SortedQuantile(std::span<const double> sorted, double share);

}  // namespace retrain::stats
