#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/result.h"

namespace retrain::model::forest {

// What a node asks of a row; kinds can be combined with a feature's index by |.
inline constexpr std::uint32_t kNanRight = 1U << 31U;   // a missing value goes right, else left
inline constexpr std::uint32_t kCategory = 1U << 30U;   // threshold is the index of a set: its members go left
inline constexpr std::uint32_t kZeroIsNan = 1U << 29U;  // so does a number within ±1e-35
inline constexpr std::uint32_t kFeature = kZeroIsNan - 1;
inline constexpr std::uint32_t kLeaf = ~0U;  // in a Split

// A row goes right when its feature is above the threshold. The children stand side by side; a leaf is its own left
// child, and no row leaves it.
struct Node {
  double threshold = 0;
  std::uint32_t question = 0;  // feature and kinds
  std::uint32_t left = 0;      // right is left + 1

  bool operator==(const Node&) const = default;
};

struct Tree {
  std::uint32_t root = 0;    // its nodes stand from here, level by level
  std::uint32_t output = 0;  // to which its leaves are added
  double shrinkage = 1;      // what its leaves were multiplied with when it was grown

  bool operator==(const Tree&) const = default;
};

enum class Link : std::uint8_t { kIdentity, kSigmoid, kSoftmax };

// Trees whose leaves are added up: base[output] + Σ leaf, then the link. Grown by any library. A value; safe to read
// from many threads.
struct Forest {
  std::uint32_t features = 0;
  Link link = Link::kIdentity;
  double steepness = 1;           // of the sigmoid: 1 / (1 + exp(-steepness · score))
  bool single_precision = false;  // features are rounded to float before they are compared
  bool only_numbers = true;       // no node has a kind beyond kNanRight
  std::vector<double> base;       // one an output
  std::vector<Tree> trees;
  std::vector<Node> nodes;
  std::vector<double> values;                    // of each node; 0 where it is no leaf
  std::vector<std::vector<std::uint32_t>> sets;  // of categories, a bit each

  bool operator==(const Forest&) const = default;
};

// A node as libraries write it: children are indices of the same tree.
struct Split {
  std::uint32_t question = kLeaf;
  double number = 0;  // threshold, set or value
  std::int64_t left = 0, right = 0;

  bool operator==(const Split&) const = default;
};

// Appends a tree whose root is split 0. E0301 for a child that does not exist or stands twice, and for a feature,
// output or set that the forest has not.
Status AddTree(std::span<const Split> splits, std::uint32_t output, double shrinkage, Forest& into);

void KeepTrees(std::size_t count, Forest& forest);  // the first `count`

// `rows` as numbers, row-major, forest.features a row (REQUIRES: at least one). Adds the leaves to `scores`,
// [rows][outputs]; the base is not in it. The same row gives the same bits in any company.
void AddScores(const Forest& forest, std::span<const double> rows, std::span<double> scores);

// The node of `tree` that each row ends in.
void FindLeaves(const Forest& forest, const Tree& tree, std::span<const double> rows, std::span<std::uint32_t> leaves);

// Scores (base and leaves) become predictions in their place. `scores` gets [rows][outputs] values.
void ApplyLink(const Forest& forest, std::span<double> scores);

std::string ToBytes(const Forest& forest);
Result<Forest> ForestFromBytes(std::string_view bytes);  // E0301

}  // namespace retrain::model::forest
