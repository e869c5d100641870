#include "retrain/eval/unlabelled/isotonic.h"

#include <algorithm>

#include "retrain/base/result.h"

namespace retrain::eval {

IsotonicCurve::IsotonicCurve(std::span<const double> x, std::span<const double> y, std::span<const double> weights) {
  RETRAIN_ALWAYS(!x.empty() && x.size() == y.size() && x.size() == weights.size());
  struct Block {
    double weight;
    double sum;
    std::size_t end;  // in x_

    double mean() const { return sum / weight; }
  };
  std::vector<Block> blocks;
  for (std::size_t begin = 0; begin < x.size();) {
    Block block{0, 0, 0};
    std::size_t i = begin;
    for (; i < x.size() && x[i] == x[begin]; ++i) {
      block.weight += weights[i];
      block.sum += weights[i] * y[i];
    }
    if (block.weight > 0) {
      x_.push_back(x[begin]);
      block.end = x_.size();
      while (!blocks.empty() && blocks.back().mean() >= block.mean()) {
        block.weight += blocks.back().weight;
        block.sum += blocks.back().sum;
        blocks.pop_back();
      }
      blocks.push_back(block);
    }
    begin = i;
  }
  RETRAIN_ALWAYS(!x_.empty());
  for (const auto& block : blocks) y_.resize(block.end, block.mean());
}

double IsotonicCurve::At(double x) const {
  if (is_identity()) return x;
  if (x <= x_.front()) return y_.front();
  if (x >= x_.back()) return y_.back();
  const auto above = static_cast<std::size_t>(std::upper_bound(x_.begin(), x_.end(), x) - x_.begin());
  const double share = (x - x_[above - 1]) / (x_[above] - x_[above - 1]);
  return y_[above - 1] + share * (y_[above] - y_[above - 1]);
}

}  // namespace retrain::eval
