#pragma once

#include <cstdint>
#include <span>
#include <vector>

// Histograms as numpy 2 makes them, operation by operation, so that a value on an edge falls into the same bin.
namespace retrain::drift::parity {

// The smallest and largest value in `bins` equal steps (numpy.linspace). Equal ends are moved apart by a half each.
// REQUIRES: finite, low <= high; bins >= 1.
std::vector<double> EvenEdges(double low, double high, std::int64_t bins);

// numpy.histogram_bin_edges with `sturges` (1926: log2 n + 1 bins) and `doane` (1976: more for skewed values).
// `integers`: the array is of an integer type, whose bins are at least 1 wide. REQUIRES: finite, not empty.
std::vector<double> SturgesEdges(std::span<const double> values, bool integers);
std::vector<double> DoaneEdges(std::span<const double> values);

// Values in [edge i, edge i + 1), the last bin closed; those outside are not counted, NaN must not occur.
std::vector<double> CountBetween(std::span<const double> edges, std::span<const double> values);

// sqrt(mean((x - mean)²)), numpy.std.
double PopulationDeviation(std::span<const double> values);

}  // namespace retrain::drift::parity
