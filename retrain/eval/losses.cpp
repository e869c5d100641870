#include "retrain/eval/losses.h"

#include <algorithm>
#include <cmath>

#include "retrain/eval/rows.h"

namespace retrain::eval {
namespace {

constexpr double kLeastProbability = 0x1.0p-52;

double LogLoss(std::span<const double> of_row, std::size_t actual) {
  return -std::log(std::clamp(of_row[actual], kLeastProbability, 1 - kLeastProbability));
}

double Brier(std::span<const double> of_row, std::size_t actual) {
  if (of_row.size() == 2) {
    const double off = of_row[1] - static_cast<double>(actual);
    return off * off;
  }
  double sum = 0;
  for (std::size_t one = 0; one < of_row.size(); ++one) {
    const double off = of_row[one] - (one == actual ? 1 : 0);
    sum += off * off;
  }
  return sum;
}

}  // namespace

std::vector<double> Losses(Metric metric, const Truth& truth, const Scores& scores) {
  std::vector<double> losses(truth.values.size());
  const auto outputs = static_cast<std::size_t>(scores.outputs);
  for (std::size_t row = 0; row < losses.size(); ++row) {
    const auto of_row = scores.values.subspan(row * outputs, outputs);
    const double error = of_row[0] - truth.values[row];
    const auto actual =
        static_cast<std::size_t>(metric == Metric::kLogLoss || metric == Metric::kBrier ? truth.values[row] : 0);
    switch (metric) {
      case Metric::kLogLoss: losses[row] = LogLoss(of_row, actual); break;
      case Metric::kBrier: losses[row] = Brier(of_row, actual); break;
      case Metric::kMae: losses[row] = std::fabs(error); break;
      default: losses[row] = error * error; break;
    }
  }
  return losses;
}

std::optional<double> LargestLoss(Metric metric, data::Task task) {
  if (metric == Metric::kLogLoss) return -std::log(kLeastProbability);
  if (metric == Metric::kBrier) return task == data::Task::kBinary ? 1 : 2;
  return std::nullopt;
}

double WeightedMean(const Truth& truth, std::span<const double> values) {
  double sum = 0;
  double total = 0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    sum += WeightOf(truth, row) * values[row];
    total += WeightOf(truth, row);
  }
  return sum / total;
}

Fit RSquared(const Truth& truth, std::span<const double> squared_errors) {
  Fit fit{.mean_target = WeightedMean(truth, truth.values)};
  std::vector<double> squares(truth.values.size());
  bool constant = true;
  for (std::size_t row = 0; row < squares.size(); ++row) {
    const double off = truth.values[row] - fit.mean_target;
    squares[row] = off * off;
    constant = constant && truth.values[row] == truth.values[0];
  }
  fit.target_variance = constant ? 0 : WeightedMean(truth, squares);
  const double error = WeightedMean(truth, squared_errors);
  fit.r2.undefined = fit.target_variance == 0;
  fit.r2.value = fit.r2.undefined ? (error == 0 ? 1 : 0) : 1 - error / fit.target_variance;
  return fit;
}

double PinballLoss(const Truth& truth, const Scores& scores, double share) {
  std::vector<double> losses(truth.values.size());
  for (std::size_t row = 0; row < losses.size(); ++row) {
    const double error = truth.values[row] - scores.values[row];
    losses[row] = std::max(share * error, (share - 1) * error);
  }
  return WeightedMean(truth, losses);
}

double AbsolutePercentageError(const Truth& truth, const Scores& scores) {
  std::vector<double> losses(truth.values.size());
  for (std::size_t row = 0; row < losses.size(); ++row) {
    const double target = truth.values[row];
    losses[row] = std::fabs(target - scores.values[row]) / std::max(std::fabs(target), kLeastProbability);
  }
  return WeightedMean(truth, losses);
}

}  // namespace retrain::eval
