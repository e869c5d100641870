#pragma once

#include <cstdint>

#include "retrain/stats/merged.h"
#include "retrain/stats/test_result.h"

namespace retrain::stats {

// The chance that two samples of n and m from one continuous law have a distance of at least `reach`/(n m): of F - G in
// either direction, or only upwards. The proportion of lattice paths that leave a band around the diagonal (Hodges
// 1958), as a recursion of positive terms. O(n m reach/(n m)) two-sided. REQUIRES: n, m >= 1; 0 <= reach <= n m.
double ExactTwoSidedTail(std::int64_t n, std::int64_t m, std::int64_t reach);
double ExactOneSidedTail(std::int64_t n, std::int64_t m, std::int64_t reach);

enum class KsMethod {
  kAuto,  // exact when neither sample has more than 10,000 values; scipy's rule
  kExact,
  kLimit,  // the finite-n law at the rounded effective size n m/(n + m); one-sided after Hodges (1958), eq. 5.3
};
enum class Alternative { kTwoSided, kLess, kGreater };

// D and its p-value under "both samples are from one law", conservative when values tie. kGreater looks at F - G alone,
// kLess at G - F. One-sided and unequal sizes, exact is left to the limit when binomial(n + m, n) is no double, as
// scipy does.
TestResult KolmogorovSmirnov(const Merged& merged, KsMethod method = KsMethod::kAuto,
                             Alternative alternative = Alternative::kTwoSided);

}  // namespace retrain::stats
