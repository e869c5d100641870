#include "retrain/train/forest/renewal.h"

#include <cmath>
#include <cstdint>
#include <vector>

namespace retrain::train::forest {
namespace {

using model::forest::Forest;
using model::forest::Tree;

constexpr double kL2 = 1;
constexpr double kLeastHessian = 1e-16;

// Gradient and second derivative of each row's loss by one output's score, weighted.
struct Derivatives {
  std::vector<double> gradient, hessian;  // [rows][outputs]
};

Derivatives DerivativesAt(data::Task task, const Forest& forest, const RenewalRows& rows, std::vector<double> scores) {
  ApplyLink(forest, scores);
  const auto outputs = forest.base.size();
  const double slope = task == data::Task::kBinary ? forest.steepness : 1;
  const double many = outputs > 1 ? static_cast<double>(outputs) / static_cast<double>(outputs - 1) : 1;
  Derivatives at{.gradient = std::vector<double>(scores.size()), .hessian = std::vector<double>(scores.size())};
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const auto row = i / outputs;
    const auto target = static_cast<double>(rows.targets[row]);
    const double weight = rows.weights.empty() ? 1 : static_cast<double>(rows.weights[row]);
    const double wanted = outputs == 1 ? target : static_cast<double>(target == static_cast<double>(i % outputs));
    const double p = scores[i];
    at.gradient[i] = weight * slope * (p - wanted);
    at.hessian[i] =
        weight * (task == data::Task::kRegression ? 1 : std::max(many * slope * slope * p * (1 - p), kLeastHessian));
  }
  return at;
}

void RenewTree(const Tree& tree, std::size_t end, const Derivatives& at, std::span<const std::uint32_t> leaves,
               double decay, Forest& forest) {
  const auto outputs = forest.base.size();
  std::vector<double> gradient(end - tree.root), hessian(end - tree.root);
  std::vector<bool> reached(end - tree.root);
  for (std::size_t row = 0; row < leaves.size(); ++row) {
    const auto leaf = leaves[row] - tree.root;
    gradient[leaf] += at.gradient[row * outputs + tree.output];
    hessian[leaf] += at.hessian[row * outputs + tree.output];
    reached[leaf] = true;
  }
  for (std::size_t leaf = 0; leaf < reached.size(); ++leaf) {
    if (!reached[leaf]) continue;
    double& value = forest.values[tree.root + leaf];
    value = decay * value - (1 - decay) * tree.shrinkage * gradient[leaf] / (hessian[leaf] + kL2);
  }
}

}  // namespace

void RenewLeaves(data::Task task, const RenewalRows& rows, double decay, Forest& forest) {
  const auto outputs = forest.base.size();
  std::vector<double> scores;
  for (std::size_t row = 0; row < rows.targets.size(); ++row)
    scores.insert(scores.end(), forest.base.begin(), forest.base.end());
  std::vector<std::uint32_t> leaves(rows.targets.size());
  Derivatives at;
  for (std::size_t t = 0; t < forest.trees.size(); ++t) {
    const auto& tree = forest.trees[t];
    if (tree.output == 0) at = DerivativesAt(task, forest, rows, scores);  // a round's trees see the same scores
    FindLeaves(forest, tree, rows.values, leaves);
    RenewTree(tree, t + 1 < forest.trees.size() ? forest.trees[t + 1].root : forest.nodes.size(), at, leaves, decay,
              forest);
    for (std::size_t row = 0; row < leaves.size(); ++row)
      scores[row * outputs + tree.output] += forest.values[leaves[row]];
  }
}

}  // namespace retrain::train::forest
