#pragma once

#include <cstdint>

#include "retrain/stats/merged.h"
#include "retrain/stats/test_result.h"

namespace retrain::stats {

// P(W² > x) of the limit law of Cramér and von Mises, by the series of Csörgő and Faraway (1996), eq. 1.3; terms are
// added until one is below `smallest_term`, which bounds the absolute error. REQUIRES: x > 0.
double CramerVonMisesTail(double x, double smallest_term = 1e-17);

// P(T >= t) for two samples without ties, exactly, by counting in how many ways they can interleave (Xiao, Gordon and
// Yakovlev 2006). `four_u` is Merged::misfit_4u. REQUIRES: n, m <= 20.
double ExactCramerVonMisesTail(std::int64_t four_u, std::int64_t n, std::int64_t m);

// T and its p-value; exact when neither sample has more than 20 values, else T is scaled to the mean and variance of
// the limit law (Anderson 1962, eq. 11, 14 and 15). Conservative when values tie.
TestResult CramerVonMises(const Merged& merged, double smallest_term = 1e-17);

}  // namespace retrain::stats
