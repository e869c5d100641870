#include "retrain/drift/parity/bins.h"

#include <algorithm>
#include <cmath>

#include "retrain/base/result.h"

namespace retrain::drift::parity {
namespace {

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// numpy makes one bin of a width of 0.
std::vector<double> EdgesOfWidth(double low, double high, double width) {
  return EvenEdges(low, high, width > 0 ? static_cast<std::int64_t>(std::ceil((high - low) / width)) : 1);
}

}  // namespace

std::vector<double> EvenEdges(double low, double high, std::int64_t bins) {
  RETRAIN_ALWAYS(std::isfinite(low) && std::isfinite(high) && low <= high && bins >= 1);
  if (low == high) {
    low -= 0.5;
    high += 0.5;
  }
  const double step = (high - low) / static_cast<double>(bins);
  std::vector<double> edges(bins + 1);
  for (std::int64_t i = 0; i < bins; ++i) edges[i] = static_cast<double>(i) * step + low;
  edges[bins] = high;
  return edges;
}

std::vector<double> SturgesEdges(std::span<const double> values, bool integers) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  double width = (*high - *low) / (std::log2(static_cast<double>(values.size())) + 1);
  if (integers && width > 0) width = std::max(width, 1.0);
  return EdgesOfWidth(*low, *high, width);
}

std::vector<double> DoaneEdges(std::span<const double> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const auto n = static_cast<double>(values.size());
  const double deviation = PopulationDeviation(values);
  if (values.size() <= 2 || !(deviation > 0)) return EdgesOfWidth(*low, *high, 0);
  const double error = std::sqrt(6 * (n - 2) / ((n + 1) * (n + 3)));
  const double mean = Mean(values);
  double cubes = 0;
  for (const double value : values) {
    const double z = (value - mean) / deviation;
    cubes += z * z * z;
  }
  const double skew = std::fabs(cubes / n);
  return EdgesOfWidth(*low, *high, (*high - *low) / (1 + std::log2(n) + std::log2(1 + skew / error)));
}

std::vector<double> CountBetween(std::span<const double> edges, std::span<const double> values) {
  const std::size_t bins = edges.size() - 1;
  std::vector<double> counts(bins, 0);
  for (const double value : values) {
    if (value < edges.front() || value > edges.back()) continue;
    const auto above = std::upper_bound(edges.begin(), edges.end(), value);
    ++counts[std::min<std::size_t>(above - edges.begin(), bins) - 1];
  }
  return counts;
}

double PopulationDeviation(std::span<const double> values) {
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

}  // namespace retrain::drift::parity
