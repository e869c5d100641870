#include "retrain/eval/unlabelled/sampling_error.h"

#include <algorithm>
#include <cmath>

namespace retrain::eval {
namespace {

// Values 0 and 1 (times a factor): their variance, over the share of rows that have one.
struct Part {
  double variance = 0;
  double share = 0;
};

Part OfShares(double ones, double all, double relevant, double rows) {
  const double mean = ones / all;
  return {mean * (1 - mean), relevant / rows};
}

// The share of the rest that each row of the class outranks. NannyML leaves out the lowest row of all when it is of the
// class, and takes the rarer of both sides for the class.
Part OfRanks(const OneAgainstRest& rows) {
  const std::size_t n = rows.descending.size();
  double of_class = 0;
  for (const double chance : rows.chance) of_class += chance;
  const bool flip = of_class > 0.5 * static_cast<double>(n);
  const double members = flip ? static_cast<double>(n) - of_class : of_class;
  double sum = 0;
  double squares = 0;
  double seen = 0;
  for (std::size_t rank = 0; rank < n; ++rank) {
    const std::uint32_t row = flip ? rows.descending[rank] : rows.descending[n - 1 - rank];
    if ((rows.chance[row] == 1) == flip || rank == 0) continue;
    const double outranked = (static_cast<double>(rank) - seen) / (static_cast<double>(n) - members);
    sum += outranked;
    squares += outranked * outranked;
    seen += 1;
  }
  const double mean = sum / seen;
  return {std::max(0.0, squares / seen - mean * mean), members / static_cast<double>(n)};
}

Part Of(UnlabelledMetric metric, const OneAgainstRest& rows, bool alone) {
  if (metric == UnlabelledMetric::kRocAuc) return OfRanks(rows);
  const auto n = static_cast<double>(rows.said.size());
  double hit = 0;
  double false_hit = 0;
  double missed = 0;
  double rest = 0;
  for (std::size_t row = 0; row < rows.said.size(); ++row) {
    if (rows.said[row] != 0) {
      (rows.chance[row] == 1 ? hit : false_hit) += 1;
    } else {
      (rows.chance[row] == 1 ? missed : rest) += 1;
    }
  }
  switch (metric) {
    case UnlabelledMetric::kPrecision: return OfShares(hit, hit + false_hit, hit + false_hit, n);
    case UnlabelledMetric::kRecall: return OfShares(hit, hit + missed, hit + missed, n);
    case UnlabelledMetric::kSpecificity: return OfShares(rest, rest + false_hit, rest + false_hit, n);
    case UnlabelledMetric::kF1: {
      const double relevant = hit + false_hit + missed;
      Part part = OfShares(hit, relevant, relevant, n);
      const double factor = relevant / (hit + (false_hit + missed) / 2);
      if (alone) part.variance *= factor * factor;  // NannyML leaves the factor out with more than two classes
      return part;
    }
    default: return OfShares(hit + rest, n, n, n);
  }
}

}  // namespace

std::optional<double> SamplingErrorOfOneRow(UnlabelledMetric metric, std::span<const OneAgainstRest> classes) {
  constexpr double kUnderestimated = 1.2;  // NannyML's correction of the area with more than two classes
  const bool alone = classes.size() == 1;
  if (metric == UnlabelledMetric::kAccuracy && !alone) {
    double right = 0;
    const std::size_t rows = classes.front().said.size();
    for (std::size_t row = 0; row < rows; ++row) {
      const auto agrees = [row](const OneAgainstRest& of) { return (of.said[row] != 0) == (of.chance[row] == 1); };
      right += std::all_of(classes.begin(), classes.end(), agrees) ? 1 : 0;
    }
    const double share = right / static_cast<double>(rows);
    return std::sqrt(share * (1 - share));
  }
  double variances = 0;
  for (const auto& one : classes) {
    const Part part = Of(metric, one, alone);
    variances += part.variance / part.share;
  }
  const double error = std::sqrt(variances) / static_cast<double>(classes.size());
  if (!std::isfinite(error)) return {};
  return metric == UnlabelledMetric::kRocAuc && !alone ? error * kUnderestimated : error;
}

}  // namespace retrain::eval
