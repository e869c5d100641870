#include "retrain/train/mlp/stopping.h"

#include <cmath>

namespace retrain::train::mlp {

double Stopping::Mean(const std::vector<double>& losses) const {
  double sum = 0, weight = 0;
  for (std::size_t row = 0; row < losses.size(); ++row) {
    sum += WeightOf(row) * losses[row];
    weight += WeightOf(row);
  }
  return sum / weight;
}

bool Stopping::Offer(std::vector<double> losses) {
  if (least_.empty()) {
    least_ = std::move(losses);
    return true;
  }
  std::vector<double> worse(losses.size());
  for (std::size_t row = 0; row < losses.size(); ++row) worse[row] = losses[row] - least_[row];
  const double mean = Mean(worse);
  double square_sum = 0, weight = 0;
  for (std::size_t row = 0; row < worse.size(); ++row) {
    const double off = WeightOf(row) * (worse[row] - mean);
    square_sum += off * off;
    weight += WeightOf(row);
  }
  const bool kept = mean <= std::sqrt(square_sum) / weight;
  if (mean < 0) least_ = std::move(losses);
  return kept;
}

}  // namespace retrain::train::mlp
