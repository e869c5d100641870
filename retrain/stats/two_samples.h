#pragma once

#include <cstdint>

#include "retrain/stats/interval.h"

namespace retrain::stats {

// A share of n trials by Wilson's score interval (Wilson 1927): it never leaves 0 … 1, and is not empty at its ends.
// `error` is the usual sqrt(p (1 - p)/n). REQUIRES: 0 <= hits <= n, n > 0; 0.5 < confidence < 1.
Interval WilsonInterval(std::int64_t hits, std::int64_t n, double confidence);

// first - second of two independent estimates, from their own bounds at the same confidence: the method of variance
// estimates recovery (Zou and Donner 2008; for shares by Wilson it is Newcombe's method 10 of 1998).
Interval IndependentDifference(const Interval& first, const Interval& second);

}  // namespace retrain::stats
