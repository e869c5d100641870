#include "retrain/train/forest/lightgbm_text.h"

#include <charconv>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace retrain::train::forest {
namespace {

using model::forest::Forest;
using model::forest::Link;
using model::forest::Split;

// Lines `key=value` of the heading or of one tree.
using Block = std::map<std::string_view, std::string_view>;

// decision_type: what kind of split, and where missing values go.
constexpr unsigned kIsCategory = 1, kDefaultLeft = 2, kMissingShift = 2;
enum Missing : unsigned { kNone, kZero, kNan };

Error Damaged(std::string detail) { return Error{"E0301", "the text of a LightGBM model: " + detail}; }
Error Foreign(std::string what) { return Error{"E0303", "a LightGBM model with " + what + " cannot be taken over"}; }

std::string_view Value(const Block& block, std::string_view key) {
  const auto found = block.find(key);
  return found == block.end() ? std::string_view() : found->second;
}

// Takes the lines up to the one that begins the next tree, or the end of trees.
Block TakeBlock(std::string_view& text) {
  Block block;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    if (!block.empty() && (line.starts_with("Tree=") || line == "end of trees")) break;
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const auto equals = line.find('=');
    block.emplace(line.substr(0, equals), equals == std::string_view::npos ? "" : line.substr(equals + 1));
  }
  return block;
}

template <class T>
Result<std::vector<T>> Numbers(const Block& block, std::string_view key) {
  std::vector<T> numbers;
  const auto text = Value(block, key);
  for (const char *at = text.data(), *end = at + text.size(); at < end;) {
    T number{};
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc() || (rest < end && *rest != ' ')) return Damaged(fmt::format("`{}` holds no numbers", key));
    numbers.push_back(number);
    at = rest + 1;
  }
  return numbers;
}

template <class T>
Result<std::vector<T>> Numbers(const Block& block, std::string_view key, std::size_t count) {
  TRY(auto numbers, Numbers<T>(block, key));
  if (numbers.size() != count)
    return Damaged(fmt::format("`{}` holds {} numbers instead of {}", key, numbers.size(), count));
  return numbers;
}

Result<std::int64_t> Number(const Block& block, std::string_view key) {
  TRY(const auto numbers, Numbers<std::int64_t>(block, key, 1));
  return numbers[0];
}

// The sets that the tree's category splits name become the forest's; their place in it is `first` and on.
Status TakeSets(const Block& block, Forest& forest) {
  TRY(const auto bounds, Numbers<std::int64_t>(block, "cat_boundaries"));
  TRY(const auto words, Numbers<std::uint32_t>(block, "cat_threshold"));
  for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
    if (bounds[i] < 0 || bounds[i + 1] < bounds[i] || bounds[i + 1] > static_cast<std::int64_t>(words.size()))
      return Damaged("`cat_boundaries` leave `cat_threshold`");
    forest.sets.emplace_back(words.begin() + bounds[i], words.begin() + bounds[i + 1]);
  }
  return Ok();
}

Result<Split> InnerNode(unsigned decision, std::int64_t feature, double threshold, std::size_t first_set) {
  if (feature < 0 || feature > model::forest::kFeature) return Damaged(fmt::format("feature {}", feature));
  Split split{.question = static_cast<std::uint32_t>(feature), .number = threshold};
  const bool default_right = (decision & kDefaultLeft) == 0;
  const auto missing = (decision >> kMissingShift) & 3U;
  bool nan_right = missing == kNone ? 0.0 > threshold : default_right;  // with none ever seen, it counts as 0
  if ((decision & kIsCategory) != 0) {
    split.question |= model::forest::kCategory;
    split.number += static_cast<double>(first_set);
    nan_right = true;
  } else if (missing == kZero) {
    split.question |= model::forest::kZeroIsNan;
  }
  if (nan_right) split.question |= model::forest::kNanRight;
  return split;
}

// Inner nodes first, then leaves; a child below 0 is the leaf ~child.
Result<std::vector<Split>> Splits(const Block& block, std::size_t leaves, std::size_t first_set) {
  const auto inner = leaves - 1;
  TRY(const auto values, Numbers<double>(block, "leaf_value", leaves));
  std::vector<Split> splits;
  if (inner > 0) {
    TRY(const auto features, Numbers<std::int64_t>(block, "split_feature", inner));
    TRY(const auto thresholds, Numbers<double>(block, "threshold", inner));
    TRY(const auto decisions, Numbers<unsigned>(block, "decision_type", inner));
    TRY(const auto left, Numbers<std::int64_t>(block, "left_child", inner));
    TRY(const auto right, Numbers<std::int64_t>(block, "right_child", inner));
    const auto place = [&](std::int64_t child) {
      return child >= 0 ? child : static_cast<std::int64_t>(inner) + ~child;
    };
    for (std::size_t i = 0; i < inner; ++i) {
      TRY(auto split, InnerNode(decisions[i], features[i], thresholds[i], first_set));
      split.left = place(left[i]);
      split.right = place(right[i]);
      splits.push_back(split);
    }
  }
  for (const double value : values) splits.push_back({.number = value});
  return splits;
}

Status TakeTree(const Block& block, std::uint32_t output, Forest& forest) {
  if (!Value(block, "is_linear").empty() && Value(block, "is_linear") != "0") return Foreign("linear trees");
  TRY(const auto leaves, Number(block, "num_leaves"));
  if (leaves < 1) return Damaged(fmt::format("a tree of {} leaves", leaves));
  const auto first_set = forest.sets.size();
  TRY_OK(TakeSets(block, forest));
  TRY(const auto splits, Splits(block, static_cast<std::size_t>(leaves), first_set));
  TRY(const auto shrinkage, Numbers<double>(block, "shrinkage", 1));
  return AddTree(splits, output, shrinkage[0], forest);
}

Result<Forest> Heading(const Block& block) {
  Forest forest;
  TRY(const auto outputs, Number(block, "num_tree_per_iteration"));
  TRY(const auto last_feature, Number(block, "max_feature_idx"));
  if (outputs < 1 || outputs > 1'000 || last_feature < 0 || last_feature >= model::forest::kFeature)
    return Damaged(fmt::format("{} outputs and {} features", outputs, last_feature + 1));
  forest.base.assign(static_cast<std::size_t>(outputs), 0.0);
  forest.features = static_cast<std::uint32_t>(last_feature + 1);
  if (block.contains("average_output")) return Foreign("averaged trees");
  const auto objective = Value(block, "objective"), name = objective.substr(0, objective.find(' '));
  if (name == "binary") {
    constexpr std::string_view kSteepness = "sigmoid:";
    const auto at = objective.find(kSteepness);
    TRY(const auto steepness,
        Numbers<double>({{"sigmoid", at == std::string_view::npos ? "1" : objective.substr(at + kSteepness.size())}},
                        "sigmoid", 1));
    forest.link = Link::kSigmoid;
    forest.steepness = steepness[0];
  } else if (name == "multiclass") {
    forest.link = Link::kSoftmax;
  } else if (objective != "regression") {
    return Foreign(fmt::format("the objective `{}`", objective));
  }
  return forest;
}

}  // namespace

Result<Forest> ForestFromLightgbm(std::string_view text) {
  const auto heading = TakeBlock(text);
  if (!heading.contains("tree") || Value(heading, "version") != "v4")
    return Damaged("it does not begin as one of version 4");
  TRY(Forest forest, Heading(heading));
  const auto outputs = static_cast<std::uint32_t>(forest.base.size());
  while (text.starts_with("Tree=")) {
    TRY_OK(TakeTree(TakeBlock(text), static_cast<std::uint32_t>(forest.trees.size()) % outputs, forest));
  }
  if (!text.starts_with("end of trees") || forest.trees.size() % outputs != 0) return Damaged("it ends too early");
  return forest;
}

}  // namespace retrain::train::forest
