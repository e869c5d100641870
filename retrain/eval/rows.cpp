#include "retrain/eval/rows.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::eval {
namespace {

// The first number that is not finite; -1: all are.
std::int64_t FirstNotFinite(std::span<const double> values) {
  const auto found = std::find_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); });
  return found == values.end() ? -1 : found - values.begin();
}

}  // namespace

Status CheckTruth(const Truth& truth) {
  if (truth.values.empty()) return Error{.code = "E0214", .message = "there are no rows to judge on"};
  if (const auto row = FirstNotFinite(truth.values); row >= 0) {
    return Error{.code = "E0205",
                 .message = fmt::format("the label of row {} is {}", Grouped(row), truth.values[row]),
                 .where = {.row = row}};
  }
  if (truth.labels.task != data::Task::kRegression) {
    const auto classes = static_cast<double>(truth.labels.classes.size());
    for (const double code : truth.values) RETRAIN_ALWAYS(code >= 0 && code < classes && code == std::floor(code));
  }
  if (truth.weights.empty()) return Ok();
  RETRAIN_ALWAYS(truth.weights.size() == truth.values.size());
  double total = 0;
  for (std::size_t row = 0; row < truth.weights.size(); ++row) {
    const double weight = truth.weights[row];
    if (!std::isfinite(weight) || weight < 0) {
      return Error{
          .code = "E0215",
          .message = fmt::format("the weight of row {} is {}", Grouped(static_cast<std::int64_t>(row)), weight),
          .where = {.row = static_cast<std::int64_t>(row)}};
    }
    total += weight;
  }
  if (total > 0) return Ok();
  return Error{.code = "E0215",
               .message = fmt::format("the weights of all {} rows are 0", Grouped(std::ssize(truth.weights)))};
}

Status CheckScores(const Truth& truth, const Scores& scores, std::string_view whose) {
  const auto classes = static_cast<std::int64_t>(truth.labels.classes.size());
  RETRAIN_ALWAYS(scores.outputs == (truth.labels.task == data::Task::kRegression ? 1 : classes));
  RETRAIN_ALWAYS(std::ssize(scores.values) == std::ssize(truth.values) * scores.outputs);
  const auto at = FirstNotFinite(scores.values);
  if (at < 0) return Ok();
  const std::int64_t row = at / scores.outputs;
  return Error{.code = "E0308",
               .message = fmt::format("the score of {} for row {} is {}", whose, Grouped(row), scores.values[at]),
               .where = {.row = row}};
}

Status CheckFits(Metric metric, const data::Labels& labels) {
  if (Fits(metric, labels.task)) return Ok();
  std::vector<std::string> fitting;
  for (int i = 0; i <= static_cast<int>(Metric::kR2); ++i) {
    if (Fits(static_cast<Metric>(i), labels.task)) fitting.emplace_back(Name(static_cast<Metric>(i)));
  }
  return Error{.code = "E0102",
               .message = fmt::format("the metric `{}` does not fit {}", Name(metric),
                                      labels.task == data::Task::kRegression ? "a regression" : "a classification"),
               .where = {.key = "validation_config.metrics"},
               .hint = fmt::format("write one of {}", ListNames(fitting))};
}

Classes ActualClasses(const Truth& truth) {
  Classes classes(truth.values.size());
  std::transform(truth.values.begin(), truth.values.end(), classes.begin(),
                 [](double code) { return static_cast<std::int32_t>(code); });
  return classes;
}

Classes PredictedClasses(const Truth& truth, const Scores& scores, double threshold) {
  Classes classes(truth.values.size());
  const auto outputs = static_cast<std::size_t>(scores.outputs);
  for (std::size_t row = 0; row < classes.size(); ++row) {
    const auto of_row = scores.values.subspan(row * outputs, outputs);
    classes[row] = truth.labels.task == data::Task::kBinary
                       ? static_cast<std::int32_t>(of_row[1] >= threshold)
                       : static_cast<std::int32_t>(std::max_element(of_row.begin(), of_row.end()) - of_row.begin());
  }
  return classes;
}

}  // namespace retrain::eval
