#include "retrain/model/forest/forest.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "retrain/base/bytes.h"

namespace retrain::model::forest {
namespace {

constexpr std::uint64_t kMostOutputs = 1'000;
constexpr std::size_t kMostNodes = 1U << 28U;

Error Damaged(std::string detail) { return Error{"E0301", "the trees of the model are damaged: " + detail}; }

Status CheckSplit(const Split& split, const Forest& forest) {
  if (split.question == kLeaf) {
    if (!std::isfinite(split.number)) return Damaged("a leaf is not a finite number");
    return Ok();
  }
  if ((split.question & kFeature) >= forest.features)
    return Damaged(fmt::format("feature {} of {}", split.question & kFeature, forest.features));
  if (std::isnan(split.number)) return Damaged("a threshold is no number");
  const bool is_set = (split.question & kCategory) != 0;
  if (is_set && !(split.number >= 0 && split.number < static_cast<double>(forest.sets.size())))
    return Damaged(fmt::format("set {} of {}", split.number, forest.sets.size()));
  return Ok();
}

void Append(const Split& split, std::uint32_t left, Forest& into) {
  const bool leaf = split.question == kLeaf;
  const auto self = static_cast<std::uint32_t>(into.nodes.size());
  into.nodes.push_back({.threshold = leaf ? std::numeric_limits<double>::infinity() : split.number,
                        .question = leaf ? 0 : split.question,
                        .left = leaf ? self : left});
  into.values.push_back(leaf ? split.number : 0.0);
  into.only_numbers = into.only_numbers && (leaf || (split.question & (kCategory | kZeroIsNan)) == 0);
}

}  // namespace

Status AddTree(std::span<const Split> splits, std::uint32_t output, double shrinkage, Forest& into) {
  if (output >= into.base.size()) return Damaged(fmt::format("output {} of {}", output, into.base.size()));
  if (splits.empty() || into.nodes.size() + splits.size() > kMostNodes)
    return Damaged("a tree without or with too many nodes");
  if (!std::isfinite(shrinkage)) return Damaged("a shrinkage is not a finite number");
  const auto root = static_cast<std::uint32_t>(into.nodes.size());
  std::vector<std::int64_t> order = {0};  // level by level
  std::vector<bool> taken(splits.size(), false);
  taken[0] = true;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto& split = splits[order[i]];
    TRY_OK(CheckSplit(split, into));
    const auto left = root + static_cast<std::uint32_t>(order.size());
    if (split.question != kLeaf) {
      for (const auto child : {split.left, split.right}) {
        if (child < 0 || child >= static_cast<std::int64_t>(splits.size()) || taken[child])
          return Damaged(fmt::format("child {} does not exist or stands twice", child));
        taken[child] = true;
        order.push_back(child);
      }
    }
    Append(split, left, into);
  }
  into.trees.push_back({.root = root, .output = output, .shrinkage = shrinkage});
  return Ok();
}

void KeepTrees(std::size_t count, Forest& forest) {
  if (count >= forest.trees.size()) return;
  forest.nodes.resize(forest.trees[count].root);
  forest.values.resize(forest.nodes.size());
  forest.trees.resize(count);
}

void ApplyLink(const Forest& forest, std::span<double> scores) {
  const auto outputs = forest.base.size();
  if (forest.link == Link::kSigmoid) {
    for (double& score : scores) score = 1 / (1 + std::exp(-forest.steepness * score));
  }
  if (forest.link != Link::kSoftmax) return;
  for (std::size_t row = 0; row < scores.size(); row += outputs) {
    const auto of_row = scores.subspan(row, outputs);
    const double largest = *std::max_element(of_row.begin(), of_row.end());
    double sum = 0;
    for (double& score : of_row) sum += score = std::exp(score - largest);
    for (double& score : of_row) score /= sum;
  }
}

std::string ToBytes(const Forest& forest) {
  ByteWriter out;
  out.Number(forest.features);
  out.Number(static_cast<std::uint8_t>(forest.link));
  out.Number(forest.steepness);
  out.Number<std::uint8_t>(forest.single_precision ? 1 : 0);
  out.Array(forest.base);
  out.Number<std::uint64_t>(forest.sets.size());
  for (const auto& set : forest.sets) out.Array(set);
  out.Number<std::uint64_t>(forest.trees.size());
  for (std::size_t t = 0; t < forest.trees.size(); ++t) {
    const auto& tree = forest.trees[t];
    const auto end = t + 1 < forest.trees.size() ? forest.trees[t + 1].root : forest.nodes.size();
    std::vector<double> numbers;
    std::vector<std::uint32_t> questions;
    for (std::size_t i = tree.root; i < end; ++i) {
      const bool leaf = forest.nodes[i].left == i;
      questions.push_back(leaf ? kLeaf : forest.nodes[i].question);
      numbers.push_back(leaf ? forest.values[i] : forest.nodes[i].threshold);
    }
    out.Number(tree.output);
    out.Number(tree.shrinkage);
    out.Array(questions);
    out.Array(numbers);
  }
  return out.Take();
}

Result<Forest> ForestFromBytes(std::string_view bytes) {
  ByteReader in(bytes);
  Forest forest;
  forest.features = in.Number<std::uint32_t>();
  const auto link = in.Number<std::uint8_t>();
  forest.link = static_cast<Link>(link);
  forest.steepness = in.Number<double>();
  forest.single_precision = in.Number<std::uint8_t>() != 0;
  forest.base = in.Array<double>();
  for (auto left = in.Number<std::uint64_t>(); left > 0 && in.ok(); --left)
    forest.sets.push_back(in.Array<std::uint32_t>());
  if (!in.ok() || link > static_cast<std::uint8_t>(Link::kSoftmax) || !std::isfinite(forest.steepness) ||
      forest.features < 1 || forest.features > kFeature || forest.base.empty() || forest.base.size() > kMostOutputs)
    return Damaged("their heading");
  for (auto left = in.Number<std::uint64_t>(); left > 0 && in.ok(); --left) {
    const auto output = in.Number<std::uint32_t>();
    const auto shrinkage = in.Number<double>();
    const auto questions = in.Array<std::uint32_t>();
    const auto numbers = in.Array<double>();
    if (!in.ok() || questions.size() != numbers.size()) return Damaged("a tree ends too early");
    std::vector<Split> splits(questions.size());
    std::int64_t next = 1;  // level by level, the children of each inner node follow those of the one before
    for (std::size_t i = 0; i < splits.size(); ++i) {
      splits[i] = {.question = questions[i], .number = numbers[i], .left = next, .right = next + 1};
      if (questions[i] != kLeaf) next += 2;
    }
    if (next != static_cast<std::int64_t>(splits.size())) return Damaged("a tree with loose ends");
    TRY_OK(AddTree(splits, output, shrinkage, forest));
  }
  if (!in.AtEnd()) return Damaged("bytes are missing or left over");
  for (const double base : forest.base) {
    if (!std::isfinite(base)) return Damaged("a base is not a finite number");
  }
  return forest;
}

}  // namespace retrain::model::forest
