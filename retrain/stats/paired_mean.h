#pragma once

#include <span>

#include "retrain/stats/interval.h"

// The mean of paired differences, one a row. Bounds are one-sided. REQUIRES: finite values; 0.5 < confidence < 1.
namespace retrain::stats {

struct Moments {
  double mean = 0;
  double deviation = 0;  // standard deviation, n - 1
  std::int64_t n = 0;
};
Moments MomentsOf(std::span<const double> values);

// mean ± t s/sqrt(n) (Student 1908). Exact for normal differences; for others a matter of large n.
// REQUIRES: n >= 2.
Interval PairedT(std::span<const double> differences, double confidence);
double PairedTPValue(std::span<const double> differences);  // one-sided, of "the mean is at most 0"

// Holds for every law of differences within an interval of `width`, at any n: the empirical Bernstein bound,
// mean ± s sqrt(2 L/n) ± 7 width L/(3 (n - 1)) with L = ln(2/alpha) (Maurer and Pontil 2009, theorem 4).
// REQUIRES: n >= 2.
Interval MaurerPontil(std::span<const double> differences, double width, double confidence);

// The mean of rows that weigh differently, weights fixed beforehand: a t bound over the effective number of rows,
// (sum w)²/sum w² (Kish 1965), which is `n` of the result rounded down. REQUIRES: some weight; w >= 0.
Interval WeightedT(std::span<const double> differences, std::span<const double> weights, double confidence);

// The same without an assumption on the law (Hoeffding 1963): mean ± width sqrt(ln(1/alpha) sum w²/2)/sum w.
Interval WeightedHoeffding(std::span<const double> differences, std::span<const double> weights, double width,
                           double confidence);

}  // namespace retrain::stats
