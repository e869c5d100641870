#pragma once

#include <cstdint>

// The few distributions that the tests need. Accurate to about 1e-14, relative, where the value is not tiny.
namespace retrain::stats {

double NormalCdf(double x);
double NormalQuantile(double p);  // -inf at 0, +inf at 1. REQUIRES: 0 <= p <= 1

// P(X > x) of a chi-square with `degrees` of freedom, small values without loss. REQUIRES: degrees > 0; x >= 0.
double ChiSquareUpperTail(double x, double degrees);

// Student's t with `degrees` of freedom. REQUIRES: degrees > 0; 0 < p < 1.
double StudentCdf(double t, double degrees);
double StudentQuantile(double p, double degrees);

// Sums of squares of normal numbers, whose means' squares sum to `noncentrality`; to about 1e-10, relative.
// REQUIRES: degrees > 0; noncentrality >= 0; x >= 0.
double NoncentralChiSquareCdf(double x, double degrees, double noncentrality);
double NoncentralChiSquareUpperTail(double x, double degrees, double noncentrality);  // 1 - the above, without loss

// Successes among n trials. REQUIRES: n >= 0; 0 <= p <= 1. Any k.
double BinomialPmf(std::int64_t k, std::int64_t n, double p);
double BinomialCdf(std::int64_t k, std::int64_t n, double p);  // P(X <= k)

}  // namespace retrain::stats
