#include "retrain/eval/unlabelled/scored_rows.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace retrain::eval {
namespace {

// The area by the trapezoid rule, the counts rounded to five decimals as NannyML does.
double ExpectedArea(const OneAgainstRest& rows) {
  const auto round = [](double count) { return std::nearbyint(count * 1e5) / 1e5; };
  double hits = 0;
  double area = 0;  // in counts
  double last_hits = 0;
  double last_misses = 0;
  for (std::size_t i = 0; i < rows.descending.size(); ++i) {
    hits += rows.chance[rows.descending[i]];
    const double rounded_hits = round(hits);
    const double misses = round(static_cast<double>(i + 1) - hits);
    area += (misses - last_misses) * (rounded_hits + last_hits) / 2;
    last_hits = rounded_hits;
    last_misses = misses;
  }
  return area / last_hits / last_misses;
}

}  // namespace

std::vector<double> ScoredRows::Column(std::size_t column) const {
  std::vector<double> of_column(rows());
  for (std::size_t row = 0; row < rows(); ++row) of_column[row] = scores[row * columns() + column];
  return of_column;
}

ScoredRows ScoredRows::Slice(std::size_t begin, std::size_t end) const {
  return {.classes = classes,
          .scores = {scores.begin() + begin * columns(), scores.begin() + end * columns()},
          .predicted = {predicted.begin() + begin, predicted.begin() + end}};
}

Status Check(const ScoredRows& rows, std::string_view what) {
  RETRAIN_ALWAYS(rows.classes >= 2 && rows.scores.size() == rows.rows() * rows.columns());
  if (rows.rows() == 0) return Error{.code = "E0214", .message = fmt::format("{} has no rows", what)};
  for (std::size_t i = 0; i < rows.scores.size(); ++i) {
    if (rows.scores[i] >= 0 && rows.scores[i] <= 1) continue;
    const auto row = static_cast<std::int64_t>(i / rows.columns());
    return Error{
        .code = "E0308",
        .message = fmt::format("the score of row {} of {} is {}, not one from 0 to 1", row, what, rows.scores[i]),
        .where = {.row = row}};
  }
  return Ok();
}

std::string_view Name(UnlabelledMetric metric) {
  constexpr std::string_view kNames[] = {"accuracy", "precision", "recall", "specificity", "f1", "roc_auc"};
  return kNames[static_cast<std::size_t>(metric)];
}

double ExpectedMetric(UnlabelledMetric metric, const OneAgainstRest& rows) {
  if (metric == UnlabelledMetric::kRocAuc) return ExpectedArea(rows);
  double hit = 0;        // said, and of the class
  double false_hit = 0;  // said, and not
  double missed = 0;
  double rest = 0;
  for (std::size_t row = 0; row < rows.said.size(); ++row) {
    (rows.said[row] != 0 ? hit : missed) += rows.chance[row];
    (rows.said[row] != 0 ? false_hit : rest) += 1 - rows.chance[row];
  }
  const auto share = [](double part, double whole) { return whole == 0 ? 0 : part / whole; };
  switch (metric) {
    case UnlabelledMetric::kPrecision: return share(hit, hit + false_hit);
    case UnlabelledMetric::kRecall: return share(hit, hit + missed);
    case UnlabelledMetric::kSpecificity: return share(rest, rest + false_hit);
    case UnlabelledMetric::kF1: return share(hit, hit + (false_hit + missed) / 2);
    default: return share(hit + rest, static_cast<double>(rows.said.size()));
  }
}

std::vector<std::uint32_t> Descending(std::span<const double> scores) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return scores[a] > scores[b]; });
  return order;
}

}  // namespace retrain::eval
