#include <algorithm>
#include <array>
#include <cmath>

#include "retrain/model/forest/forest.h"

// The way of a row through a tree waits for memory at every node. So kLanes ways are walked at once, in step: of many
// rows through one tree, which then lies in the nearest cache, or of one row through many trees.
namespace retrain::model::forest {
namespace {

constexpr std::size_t kLanes = 8;
constexpr std::size_t kBlock = 128;  // rows
constexpr double kZero = 1e-35F;     // LightGBM's: what is not further from 0 counts as 0

using Places = std::array<std::uint32_t, kLanes>;

bool IsMember(const std::vector<std::uint32_t>& set, double category) {
  if (!(category >= 0 && category < 32.0 * static_cast<double>(set.size()))) return false;
  const auto bit = static_cast<std::uint32_t>(category);
  return (set[bit / 32] >> (bit % 32) & 1U) != 0;
}

// What can happen at the nodes of a forest with these rows: the less, the faster.
enum class Turns { kNumbers, kNumbersAndNan, kAll };

// 1: right.
template <Turns kTurns>
std::uint32_t Turn(const Forest& forest, const Node& node, double x) {
  if constexpr (kTurns == Turns::kAll) {
    const bool nan_right = (node.question & kNanRight) != 0;
    if ((node.question & kCategory) != 0) {
      if (std::isnan(x)) return nan_right ? 1 : 0;
      return IsMember(forest.sets[static_cast<std::size_t>(node.threshold)], x) ? 0 : 1;
    }
    if ((node.question & kZeroIsNan) != 0 && std::abs(x) <= kZero) return nan_right ? 1 : 0;
  }
  const auto above = static_cast<std::uint32_t>(x > node.threshold);
  if constexpr (kTurns == Turns::kNumbers) return above;
  return above | (static_cast<std::uint32_t>(x != x) & node.question >> 31U);
}

// Walks until every lane stands in a leaf. `stride`: doubles between the rows of two lanes; 0: all have the same.
template <Turns kTurns>
void Descend(const Forest& forest, const double* row, std::size_t stride, Places& at) {
  const Node* nodes = forest.nodes.data();
  for (std::uint32_t moved = 1; moved != 0;) {
    moved = 0;
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      const Node& node = nodes[at[lane]];
      const double x = row[lane * stride + (node.question & kFeature)];
      const auto next = node.left + Turn<kTurns>(forest, node, x);
      moved |= next ^ at[lane];
      at[lane] = next;
    }
  }
}

// Rows beyond the last whole group of lanes, and forests for one row: lanes are trees.
template <Turns kTurns>
void AddRow(const Forest& forest, const double* row, double* scores) {
  const auto trees = forest.trees.size();
  Places at;
  for (std::size_t first = 0; first < trees; first += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) at[lane] = forest.trees[std::min(first + lane, trees - 1)].root;
    Descend<kTurns>(forest, row, 0, at);
    for (std::size_t lane = 0; lane < kLanes && first + lane < trees; ++lane)
      scores[forest.trees[first + lane].output] += forest.values[at[lane]];
  }
}

template <Turns kTurns>
void AddRows(const Forest& forest, std::span<const double> rows, std::span<double> scores) {
  const auto width = std::size_t{forest.features}, outputs = forest.base.size(), count = scores.size() / outputs;
  const auto whole = count / kLanes * kLanes;
  Places at;
  for (std::size_t begin = 0; begin < whole; begin += kBlock) {
    const auto end = std::min(begin + kBlock, whole);
    for (const auto& tree : forest.trees) {
      for (auto row = begin; row < end; row += kLanes) {
        at.fill(tree.root);
        Descend<kTurns>(forest, &rows[row * width], width, at);
        for (std::size_t lane = 0; lane < kLanes; ++lane)
          scores[(row + lane) * outputs + tree.output] += forest.values[at[lane]];
      }
    }
  }
  for (auto row = whole; row < count; ++row) AddRow<kTurns>(forest, &rows[row * width], &scores[row * outputs]);
}

}  // namespace

void AddScores(const Forest& forest, std::span<const double> rows, std::span<double> scores) {
  RETRAIN_ALWAYS(rows.size() / forest.features == scores.size() / forest.base.size());
  if (!forest.only_numbers) return AddRows<Turns::kAll>(forest, rows, scores);
  const bool nan = std::any_of(rows.begin(), rows.end(), [](double x) { return std::isnan(x); });
  nan ? AddRows<Turns::kNumbersAndNan>(forest, rows, scores) : AddRows<Turns::kNumbers>(forest, rows, scores);
}

void FindLeaves(const Forest& forest, const Tree& tree, std::span<const double> rows, std::span<std::uint32_t> leaves) {
  const auto width = std::size_t{forest.features}, count = leaves.size();
  Places at;
  for (std::size_t row = 0; row < count; row += kLanes) {
    const auto lanes = std::min(kLanes, count - row);
    at.fill(tree.root);
    if (lanes == kLanes) {
      Descend<Turns::kAll>(forest, &rows[row * width], width, at);
      std::copy(at.begin(), at.end(), leaves.begin() + static_cast<std::ptrdiff_t>(row));
      continue;
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      at.fill(tree.root);
      Descend<Turns::kAll>(forest, &rows[(row + lane) * width], 0, at);
      leaves[row + lane] = at[0];
    }
  }
}

}  // namespace retrain::model::forest
