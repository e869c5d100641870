#include "retrain/eval/ranking.h"

#include <algorithm>

#include "retrain/eval/rows.h"
#include "retrain/stats/delong.h"

namespace retrain::eval {
namespace {

// Weight of the rows that are (1) and are not (0) of the class.
struct Sides {
  double total[2] = {0, 0};
};

Sides SidesOf(const Truth& truth, const std::vector<std::uint8_t>& positive) {
  Sides sides;
  for (std::size_t row = 0; row < positive.size(); ++row) sides.total[positive[row]] += WeightOf(truth, row);
  return sides;
}

}  // namespace

std::vector<std::uint8_t> IsClass(const Truth& truth, std::int32_t one) {
  std::vector<std::uint8_t> is(truth.values.size());
  std::transform(truth.values.begin(), truth.values.end(), is.begin(),
                 [one](double code) { return static_cast<std::uint8_t>(static_cast<std::int32_t>(code) == one); });
  return is;
}

std::vector<double> ScoresOf(const Scores& scores, std::int32_t one) {
  std::vector<double> of_class(scores.values.size() / static_cast<std::size_t>(scores.outputs));
  for (std::size_t row = 0; row < of_class.size(); ++row) {
    of_class[row] = scores.values[row * static_cast<std::size_t>(scores.outputs) + static_cast<std::size_t>(one)];
  }
  return of_class;
}

RocArea AreaOf(const Truth& truth, const Scores& scores) {
  const auto classes = static_cast<std::int32_t>(truth.labels.classes.size());
  const auto rows = static_cast<double>(truth.values.size());
  RocArea result{.influences = std::vector<double>(truth.values.size())};
  double counted = 0;
  for (std::int32_t one = classes == 2 ? 1 : 0; one < classes; ++one) {
    const auto positive = IsClass(truth, one);
    const auto sides = SidesOf(truth, positive);
    if (sides.total[0] == 0 || sides.total[1] == 0) {
      result.absent.push_back(one);
      continue;
    }
    const auto placements = stats::Placements(positive, ScoresOf(scores, one), truth.weights);
    const double area = stats::AreaUnderRoc(positive, placements, truth.weights);
    result.area.value += area;
    counted += 1;
    for (std::size_t row = 0; row < placements.size(); ++row) {
      result.influences[row] += WeightOf(truth, row) * rows / sides.total[positive[row]] * (placements[row] - area);
    }
  }
  result.area.undefined = counted == 0;
  if (counted == 0) return result;
  result.area.value /= counted;
  for (double& influence : result.influences) influence /= counted;
  return result;
}

MetricValue AveragePrecision(const Truth& truth, const Scores& scores) {
  const auto positive = IsClass(truth, 1);
  const auto sides = SidesOf(truth, positive);
  if (sides.total[1] == 0) return {.undefined = true};
  const auto values = ScoresOf(scores, 1);
  std::vector<std::size_t> order(values.size());
  for (std::size_t row = 0; row < order.size(); ++row) order[row] = row;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  double hits = 0;
  double said = 0;
  double sum = 0;
  for (std::size_t at = 0; at < order.size();) {
    const double threshold = values[order[at]];
    double more = 0;
    for (; at < order.size() && values[order[at]] == threshold; ++at) {
      const double weight = WeightOf(truth, order[at]);
      said += weight;
      more += positive[order[at]] != 0 ? weight : 0;
    }
    hits += more;
    if (more > 0) sum += more * hits / said;
  }
  return {.value = sum / sides.total[1]};
}

}  // namespace retrain::eval
