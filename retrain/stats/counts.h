#pragma once

#include <cstdint>
#include <span>

#include "retrain/stats/test_result.h"

// Tests of "both samples are from one law" on how often each category occurs in each.
// REQUIRES, of all here: equal lengths; counts not negative; each sample has at least one row.
namespace retrain::stats {

struct ContingencyResult {
  TestResult test;
  std::int64_t degrees = 0;  // categories that occur at all, less one

  bool operator==(const ContingencyResult&) const = default;
};

// Pearson's chi-square of the 2 × K table (1900); with `yates`, a table of one degree of freedom is corrected for
// continuity, as scipy does. Categories that occur in neither sample are left out. One category: statistic 0, p 1.
ContingencyResult ChiSquare(std::span<const std::int64_t> first, std::span<const std::int64_t> second,
                            bool yates = true);

// The likelihood ratio 2 sum O ln(O/E) of the same table (Wilks 1938), without correction.
ContingencyResult LogLikelihoodRatio(std::span<const std::int64_t> first, std::span<const std::int64_t> second);

// Pearson's goodness of fit of counts to expected ones that are taken as free of doubt, K - 1 degrees of freedom. A
// count where none is expected makes the statistic infinite. It does not hold its level when `expected` is a sample.
TestResult GoodnessOfFit(std::span<const std::int64_t> observed, std::span<const double> expected);

// Fisher's exact test (1935) of the table {{a, b}, {c, d}}, two-sided: the chance of a table that is no likelier than
// this one, margins fixed. The statistic is the sample odds ratio a d/(b c).
TestResult FisherExact(std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d);

// The normal test of two equal proportions with a pooled variance. NaN when both are 0 or both are 1.
TestResult TwoProportionZ(std::int64_t hits, std::int64_t n, std::int64_t hits_second, std::int64_t n_second);

}  // namespace retrain::stats
