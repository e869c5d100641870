#pragma once

#include <utility>
#include <vector>

namespace retrain::train::mlp {

// Says which epoch's weights are worth keeping, by their losses on rows that were not trained on. An epoch that is
// worse than the best one by less than the standard error of their paired difference is not known to be worse; among
// those the latest is taken, because it has learned with the smallest steps. On many rows that is the best epoch, on a
// hundred it keeps chance from choosing (the one-standard-error rule of Breiman et al. 1984, on paired losses).
class Stopping final {
 public:
  // `weights` of the rows; empty: all 1. `least`: least() of one that this one goes on from; empty: nothing was
  // offered.
  explicit Stopping(std::vector<float> weights, std::vector<double> least = {})
      : weights_(std::move(weights)), least_(std::move(least)) {}

  // Offers the losses of an epoch; true when its weights are to be kept instead of all before.
  bool Offer(std::vector<double> losses);

  double Mean(const std::vector<double>& losses) const;        // weighted
  const std::vector<double>& least() const { return least_; }  // of the epoch with the least mean

 private:
  double WeightOf(std::size_t row) const { return weights_.empty() ? 1.0 : static_cast<double>(weights_[row]); }

  std::vector<float> weights_;
  std::vector<double> least_;
};

}  // namespace retrain::train::mlp
