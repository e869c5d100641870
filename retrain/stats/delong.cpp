#include "retrain/stats/delong.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "retrain/base/result.h"
#include "retrain/stats/distributions.h"

namespace retrain::stats {
namespace {

std::vector<std::pair<double, std::uint32_t>> ByScore(std::span<const double> scores) {
  std::vector<std::pair<double, std::uint32_t>> order(scores.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = {scores[i], i};
  std::sort(order.begin(), order.end());
  return order;
}

// Unbiased covariance of two placements among the rows of one class, over the number of those rows.
double ShareOfCovariance(std::span<const std::uint8_t> positive, std::uint8_t side, std::span<const double> a,
                         std::span<const double> b) {
  double n = 0;
  double sum_a = 0;
  double sum_b = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    if (positive[i] != side) continue;
    n += 1;
    sum_a += a[i];
    sum_b += b[i];
  }
  double products = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    if (positive[i] == side) products += (a[i] - sum_a / n) * (b[i] - sum_b / n);
  }
  return products / (n - 1) / n;
}

}  // namespace

std::vector<double> Placements(std::span<const std::uint8_t> positive, std::span<const double> scores,
                               std::span<const double> weights) {
  RETRAIN_ALWAYS(positive.size() == scores.size() && (weights.empty() || weights.size() == scores.size()));
  const auto weight = [&](std::size_t i) { return weights.empty() ? 1.0 : weights[i]; };
  double total[2] = {0, 0};
  for (std::size_t i = 0; i < scores.size(); ++i) total[positive[i]] += weight(i);
  RETRAIN_ALWAYS(total[0] > 0 && total[1] > 0);

  const auto order = ByScore(scores);
  std::vector<double> placements(scores.size());
  double below[2] = {0, 0};
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double tied[2] = {0, 0};
    for (; end < order.size() && order[end].first == order[begin].first; ++end) {
      tied[positive[order[end].second]] += weight(order[end].second);
    }
    const double of_positive = (below[0] + tied[0] / 2) / total[0];
    const double of_negative = (total[1] - below[1] - tied[1] / 2) / total[1];
    for (; begin < end; ++begin) {
      const std::uint32_t row = order[begin].second;
      placements[row] = positive[row] != 0 ? of_positive : of_negative;
    }
    below[0] += tied[0];
    below[1] += tied[1];
  }
  return placements;
}

double AreaUnderRoc(std::span<const std::uint8_t> positive, std::span<const double> placements,
                    std::span<const double> weights) {
  double sum = 0;
  double total = 0;
  for (std::size_t i = 0; i < positive.size(); ++i) {
    if (positive[i] == 0) continue;
    const double weight = weights.empty() ? 1.0 : weights[i];
    sum += weight * placements[i];
    total += weight;
  }
  return sum / total;
}

AucPair DeLong(std::span<const std::uint8_t> positive, std::span<const double> first, std::span<const double> second,
               double confidence) {
  RETRAIN_ALWAYS(confidence > 0.5 && confidence < 1);
  const auto positives = static_cast<std::int64_t>(std::count(positive.begin(), positive.end(), 1));
  const std::int64_t negatives = static_cast<std::int64_t>(positive.size()) - positives;
  RETRAIN_ALWAYS(positives >= 2 && negatives >= 2);
  const auto a = Placements(positive, first);
  const auto b = Placements(positive, second);
  std::vector<double> gain(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) gain[i] = b[i] - a[i];
  const auto covariance = [&](std::span<const double> x, std::span<const double> y) {
    return ShareOfCovariance(positive, 1, x, y) + ShareOfCovariance(positive, 0, x, y);
  };

  AucPair pair{.first = AreaUnderRoc(positive, a),
               .second = AreaUnderRoc(positive, b),
               .variance_first = covariance(a, a),
               .variance_second = covariance(b, b),
               .covariance = covariance(a, b)};
  const double difference = pair.second - pair.first;
  const double error = std::sqrt(covariance(gain, gain));
  pair.bounded = error == 0;
  const double reach =
      pair.bounded ? std::sqrt(-2 * std::log(1 - confidence) / static_cast<double>(std::min(positives, negatives)))
                   : NormalQuantile(confidence) * error;
  pair.difference = {.value = difference,
                     .error = error,
                     .lower = difference - reach,
                     .upper = difference + reach,
                     .n = static_cast<std::int64_t>(positive.size())};
  return pair;
}

}  // namespace retrain::stats
