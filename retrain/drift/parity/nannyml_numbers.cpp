#include "retrain/drift/parity/nannyml_numbers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>

#include "retrain/drift/parity/bins.h"
#include "retrain/stats/kolmogorov.h"
#include "retrain/stats/merged.h"
#include "retrain/stats/sort_values.h"

namespace retrain::drift::parity {
namespace {

constexpr std::size_t kBinnedFrom = 10000;
constexpr std::int64_t kBins = 10000;

std::vector<double> SharesBetween(std::span<const double> edges, std::span<const double> values) {
  auto shares = CountBetween(edges, values);
  for (double& share : shares) share /= static_cast<double>(values.size());
  return shares;
}

std::vector<double> SortedCopy(std::span<const double> values) {
  std::vector<double> sorted(values.begin(), values.end());
  stats::SortValues(sorted);
  return sorted;
}

struct BinnedReference {
  std::vector<double> edges;
  std::vector<double> cumulated;
};
BinnedReference BinEvenly(std::span<const double> reference) {
  const auto [low, high] = std::minmax_element(reference.begin(), reference.end());
  BinnedReference binned{EvenEdges(*low, *high, kBins), {}};
  binned.cumulated = SharesBetween(binned.edges, reference);
  std::partial_sum(binned.cumulated.begin(), binned.cumulated.end(), binned.cumulated.begin());
  return binned;
}

// The area under the empirical distribution of sorted values, from the first to the last; or over it.
double AreaOf(std::span<const double> sorted, bool over) {
  const auto n = static_cast<double>(sorted.size());
  double area = 0;
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
    const double share = static_cast<double>(i + 1) / n;
    area += (over ? 1 - share : share) * (sorted[i + 1] - sorted[i]);
  }
  return area;
}

// Beyond the reference's range the values count one by one; as NannyML does, with the range's end as one value more.
double BinnedWasserstein(const BinnedReference& reference, std::vector<double> values) {
  const auto n = static_cast<double>(values.size());
  const double low = reference.edges.front();
  const double high = reference.edges.back();
  const auto shares = SharesBetween(reference.edges, values);
  stats::SortValues(values);
  std::vector<double> smaller(values.begin(), std::lower_bound(values.begin(), values.end(), low));
  std::vector<double> bigger(std::upper_bound(values.begin(), values.end(), high), values.end());
  double distance = 0;
  double below = 0;
  if (!smaller.empty()) {
    smaller.push_back(low);
    below = static_cast<double>(smaller.size()) / n;
    distance += AreaOf(smaller, false) * below;
  }
  if (!bigger.empty()) {
    bigger.insert(bigger.begin(), high);
    distance += AreaOf(bigger, true) * (static_cast<double>(bigger.size()) / n);
  }
  const double width = reference.edges[1] - reference.edges[0];
  double within = 0;
  double cumulated = 0;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    cumulated += shares[i];
    within += std::fabs(reference.cumulated[i] - (cumulated + below)) * width;
  }
  return distance + within;
}

}  // namespace

double ReferenceBins::Distance(parity::Distance distance, std::vector<double> of_sample) const {
  std::vector<double> of_reference = shares;
  const double outside = 1 - std::accumulate(of_sample.begin(), of_sample.end(), 0.0);
  if (outside > 0) {
    of_reference.push_back(0);
    of_sample.push_back(outside);
  }
  return distance(of_reference, of_sample);
}

NumberMethod FitBinned(std::span<const double> reference, Distance distance) {
  auto edges = DoaneEdges(reference);
  ReferenceBins bins{SharesBetween(edges, reference)};
  return [edges = std::move(edges), bins = std::move(bins), distance](const std::vector<double>& values) {
    return bins.Distance(distance, SharesBetween(edges, values));
  };
}

NumberMethod FitKolmogorovSmirnov(std::span<const double> reference) {
  if (reference.size() < kBinnedFrom) {
    return [sorted = SortedCopy(reference)](std::vector<double> values) {
      stats::SortValues(values);
      return stats::KolmogorovSmirnov(stats::Merge(sorted, values), stats::KsMethod::kLimit).statistic;
    };
  }
  return [binned = BinEvenly(reference)](const std::vector<double>& values) {
    const auto shares = SharesBetween(binned.edges, values);
    const auto n = static_cast<double>(values.size());
    const auto below =
        std::count_if(values.begin(), values.end(), [&](double value) { return value < binned.edges.front(); });
    double cumulated = 0;
    double furthest = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      cumulated += shares[i];
      furthest = std::max(furthest, std::fabs(binned.cumulated[i] - (static_cast<double>(below) / n + cumulated)));
    }
    return furthest;
  };
}

NumberMethod FitWasserstein(std::span<const double> reference) {
  if (reference.size() < kBinnedFrom) {
    return [sorted = SortedCopy(reference)](std::vector<double> values) {
      stats::SortValues(values);
      // the distance to infinity is infinite; between two infinite values it is not a number
      const double infinity = std::numeric_limits<double>::infinity();
      const auto lows = std::count(values.begin(), values.end(), -infinity);
      const auto highs = std::count(values.begin(), values.end(), infinity);
      if (std::max(lows, highs) > 1) return std::numeric_limits<double>::quiet_NaN();
      if (lows + highs > 0) return infinity;
      return stats::Merge(sorted, values).area;
    };
  }
  return [binned = BinEvenly(reference)](std::vector<double> values) {
    return BinnedWasserstein(binned, std::move(values));
  };
}

}  // namespace retrain::drift::parity
