#include "retrain/train/forest/xgboost_json.h"

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include "retrain/base/json.h"

namespace retrain::train::forest {
namespace {

using model::forest::Forest;
using model::forest::Link;
using model::forest::Split;

Error Damaged(std::string detail) { return Error{"E0301", "the JSON of an XGBoost model: " + detail}; }
Error Foreign(std::string what) { return Error{"E0303", "an XGBoost model with " + what + " cannot be taken over"}; }

// Parameters are written as text: "3", "[4.16E-1]", "[0.1,-0.2,0.1]".
Result<std::vector<double>> TextNumbers(const Json& value, std::string_view name) {
  std::vector<double> numbers;
  const auto text = value.AsString();
  for (const char *at = text.data(), *end = at + text.size(); at < end;) {
    double number = 0;
    if (*at == '[' || *at == ']' || *at == ',') {
      ++at;
      continue;
    }
    const auto [rest, error] = std::from_chars(at, end, number);
    if (error != std::errc()) return Damaged(fmt::format("`{}` is `{}`", name, text));
    numbers.push_back(number);
    at = rest;
  }
  if (numbers.empty()) return Damaged(fmt::format("`{}` is missing", name));
  return numbers;
}

// Number `i` of an array; NaN where there is none, which no check lets pass.
double At(const Json& array, std::size_t i) { return i < array.items().size() ? array.items()[i].AsDouble(NAN) : NAN; }
std::int64_t IntAt(const Json& array, std::size_t i) {
  return i < array.items().size() ? array.items()[i].AsInt(-1) : -1;
}

// A row goes left when its feature is below the condition: when it is not above the float before it.
double Threshold(double condition) {
  return std::nextafter(static_cast<float>(condition), -std::numeric_limits<float>::infinity());
}

Result<std::vector<Split>> Splits(const Json& tree) {
  const auto& left = tree["left_children"];
  std::vector<Split> splits(left.items().size());
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const double number = At(tree["split_conditions"], i);
    if (IntAt(left, i) == -1) {
      splits[i].number = number;
      continue;
    }
    const auto feature = IntAt(tree["split_indices"], i);
    if (feature < 0 || feature > model::forest::kFeature) return Damaged(fmt::format("feature {}", feature));
    const bool nan_right = IntAt(tree["default_left"], i) == 0;
    splits[i] = {.question = static_cast<std::uint32_t>(feature) | (nan_right ? model::forest::kNanRight : 0U),
                 .number = Threshold(number),
                 .left = IntAt(left, i),
                 .right = IntAt(tree["right_children"], i)};
  }
  return splits;
}

// XGBoost's sets go right, ours left: the children change sides.
Status TakeSets(const Json& tree, std::vector<Split>& splits, Forest& forest) {
  const auto& members = tree["categories"].items();
  for (std::size_t i = 0; i < tree["categories_nodes"].items().size(); ++i) {
    const auto node = IntAt(tree["categories_nodes"], i), begin = IntAt(tree["categories_segments"], i),
               size = IntAt(tree["categories_sizes"], i), all = static_cast<std::int64_t>(members.size());
    if (node < 0 || node >= static_cast<std::int64_t>(splits.size()) || begin < 0 || size < 0 || begin > all - size)
      return Damaged(fmt::format("the categories of node {}", node));
    std::vector<std::uint32_t> set;
    for (auto m = begin; m < begin + size; ++m) {
      const auto category = members[m].AsInt(-1);
      if (category < 0 || category > 0xffffff) return Damaged(fmt::format("category {}", category));
      set.resize(std::max(set.size(), static_cast<std::size_t>(category) / 32 + 1));
      set[category / 32] |= 1U << (category % 32);
    }
    auto& split = splits[node];
    if (split.question == model::forest::kLeaf) return Damaged("a leaf has categories");
    split.question = (split.question ^ model::forest::kNanRight) | model::forest::kCategory;
    split.number = static_cast<double>(forest.sets.size());
    std::swap(split.left, split.right);
    forest.sets.push_back(std::move(set));
  }
  return Ok();
}

Status CheckKinds(const Json& tree, const std::vector<Split>& splits) {
  if (tree["tree_param"]["size_leaf_vector"].AsString("1") > "1") return Foreign("vector leaves");
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const bool category =
        splits[i].question != model::forest::kLeaf && (splits[i].question & model::forest::kCategory) != 0;
    if ((IntAt(tree["split_type"], i) == 1) != category) return Damaged(fmt::format("node {} has no categories", i));
  }
  return Ok();
}

Result<Forest> Heading(const Json& learner) {
  const auto& parameters = learner["learner_model_param"];
  const auto booster = learner["gradient_booster"]["name"].AsString(),
             objective = learner["objective"]["name"].AsString();
  if (booster != "gbtree") return Foreign(fmt::format("the booster `{}`", booster));
  TRY(const auto features, TextNumbers(parameters["num_feature"], "num_feature"));
  TRY(const auto classes, TextNumbers(parameters["num_class"], "num_class"));
  if (!(features[0] >= 1 && features[0] < model::forest::kFeature) || !(classes[0] >= 0 && classes[0] <= 1'000))
    return Damaged(fmt::format("{} features and {} classes", features[0], classes[0]));
  Forest forest;
  forest.features = static_cast<std::uint32_t>(features[0]);
  forest.single_precision = true;
  TRY(forest.base, TextNumbers(parameters["base_score"], "base_score"));
  if (objective == "binary:logistic") {
    forest.link = Link::kSigmoid;
    forest.base[0] = std::log(forest.base[0] / (1 - forest.base[0]));
  } else if (objective == "multi:softprob") {
    forest.link = Link::kSoftmax;
    if (forest.base.size() == 1) forest.base.assign(static_cast<std::size_t>(classes[0]), forest.base[0]);
  } else if (objective != "reg:squarederror") {
    return Foreign(fmt::format("the objective `{}`", objective));
  }
  if (forest.base.size() != std::max<std::size_t>(1, static_cast<std::size_t>(classes[0])))
    return Damaged(fmt::format("{} base scores for {} classes", forest.base.size(), classes[0]));
  for (const double base : forest.base) {
    if (!std::isfinite(base)) return Damaged("a base score that is not finite");
  }
  return forest;
}

}  // namespace

Result<Forest> ForestFromXgboost(std::string_view json, double shrinkage) {
  const auto parsed = ParseJson(json, "the model");
  if (!parsed.ok()) return Damaged(parsed.error().message);
  const auto& learner = (*parsed)["learner"];
  TRY(Forest forest, Heading(learner));
  const auto& model = learner["gradient_booster"]["model"];
  const auto& trees = model["trees"].items();
  for (std::size_t t = 0; t < trees.size(); ++t) {
    TRY(auto splits, Splits(trees[t]));
    TRY_OK(TakeSets(trees[t], splits, forest));
    TRY_OK(CheckKinds(trees[t], splits));
    const auto output = IntAt(model["tree_info"], t);
    TRY_OK(AddTree(splits, static_cast<std::uint32_t>(output), shrinkage, forest));
  }
  return forest;
}

}  // namespace retrain::train::forest
