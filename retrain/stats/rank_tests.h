#pragma once

#include "retrain/stats/kolmogorov.h"
#include "retrain/stats/merged.h"
#include "retrain/stats/test_result.h"

// Tests of "both samples are from one law" that see only the order of the values; from one walk over both.
namespace retrain::stats {

// The normalised k-sample statistic of Scholz and Stephens (1987) for two samples, midrank version. The p-value is
// interpolated between their table's seven levels, by a parabola in its logarithm, and lies in 0.001 … 0.25, as
// scipy's. REQUIRES: merged.distinct >= 2; at least 4 values in both together.
TestResult AndersonDarling(const Merged& merged);

// U of the first sample (Mann and Whitney 1947). Exact when one sample has at most 8 values, the other at most
// 1,000, and none tie; otherwise normal, with the variance for ties and a continuity correction of 1/2. kLess is the
// alternative that the first sample has the smaller values.
TestResult MannWhitney(const Merged& merged, Alternative alternative = Alternative::kTwoSided);

// sqrt(2 ∫ (F - G)²), Székely's energy distance on the line, in the square root of the values' units.
double EnergyDistance(const Merged& merged);

}  // namespace retrain::stats
