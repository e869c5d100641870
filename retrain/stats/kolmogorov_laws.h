#pragma once

#include <cstdint>

namespace retrain::stats {

// P(D_n >= d), two-sided: how far the empirical distribution of n values strays from the continuous law they are drawn
// from. After Simard and L'Ecuyer (2011): the matrix of Marsaglia, Tsang and Wang (2003) for n <= 140 and for small d,
// the series of Pelz and Good (1976) in the middle, and in the tail twice the one-sided law, from which it differs by
// less than p². REQUIRES: n >= 1.
double KolmogorovTail(std::int64_t n, double d);

// P(D+_n >= d), one-sided, by the exact sum of Smirnov (1944) and of Birnbaum and Tingey (1951). Relative error about
// 1e-12; a few thousand terms at most, whatever n. REQUIRES: n >= 1.
double SmirnovTail(std::int64_t n, double d);

}  // namespace retrain::stats
