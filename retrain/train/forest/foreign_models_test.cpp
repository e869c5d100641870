// What is read from a library's own text is what it says, and what cannot be read is named. That the libraries mean by
// it what is understood here: oracle_test.cpp.
#include <gmock/gmock.h>

#include "retrain/train/forest/lightgbm_text.h"
#include "retrain/train/forest/xgboost_json.h"

namespace retrain::train::forest {
namespace {

using model::forest::Forest;
using ::testing::HasSubstr;

const std::string kLightgbmText = R"(tree
version=v4
num_class=1
num_tree_per_iteration=1
max_feature_idx=1
objective=binary sigmoid:2
feature_names=Column_0 Column_1

Tree=0
num_leaves=3
num_cat=1
split_feature=0 1
threshold=1.5 0
decision_type=8 1
left_child=1 -1
right_child=-2 -3
leaf_value=30 10 20
cat_boundaries=0 1
cat_threshold=22
is_linear=0
shrinkage=0.1

end of trees
)";

const std::string kXgboostJson = R"({"learner": {
  "learner_model_param": {"base_score": "[5E-1]", "num_class": "0", "num_feature": "2"},
  "objective": {"name": "binary:logistic"},
  "gradient_booster": {"name": "gbtree", "model": {"tree_info": [0], "trees": [{
    "left_children": [2, -1, 3, -1, -1], "right_children": [1, -1, 4, -1, -1],
    "split_conditions": [1.5, 10, 0, 20, 30], "split_indices": [0, 0, 1, 0, 0], "split_type": [0, 0, 1, 0, 0],
    "default_left": [0, 0, 1, 0, 0], "categories": [1, 2, 4], "categories_nodes": [2], "categories_segments": [0],
    "categories_sizes": [3], "tree_param": {"size_leaf_vector": "1"}}]}}}})";

std::string With(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  RETRAIN_ALWAYS(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

double Score(const Forest& forest, double a, double b) {
  double score = 0;
  AddScores(forest, std::vector<double>{a, b}, {&score, 1});
  return score;
}

TEST(ForeignModels, AreReadAsTheyAreWritten) {
  const auto lightgbm = ForestFromLightgbm(kLightgbmText), xgboost = ForestFromXgboost(kXgboostJson, 0.1);
  for (const auto* forest : {&lightgbm, &xgboost}) {
    ASSERT_TRUE(forest->ok()) << ToText(forest->error());
    EXPECT_EQ(Score(**forest, 2, 2), 10);
    EXPECT_EQ(Score(**forest, 1, 2), 30);
    EXPECT_EQ(Score(**forest, 1, 3), 20);
    EXPECT_EQ((*forest)->trees[0].shrinkage, 0.1);
  }
  EXPECT_EQ(lightgbm->steepness, 2);
  EXPECT_EQ(Score(*lightgbm, 1.5, 2), 30) << "LightGBM: not above goes left";
  EXPECT_EQ(Score(*xgboost, 1.5, 2), 10) << "XGBoost: below goes left";
}

struct Case {
  std::string name, from, to, code, said;
};

TEST(ForeignModels, WhatLightgbmCanWriteAndCannotBeTakenOverIsNamed) {
  const std::vector<Case> cases = {
      {"linear trees", "is_linear=0", "is_linear=1", "E0303", "linear trees"},
      {"an objective", "binary sigmoid:2", "poisson", "E0303", "poisson"},
      {"a transformed target", "binary sigmoid:2", "regression sqrt", "E0303", "regression sqrt"},
      {"a random forest", "max_feature_idx=1", "average_output\nmax_feature_idx=1", "E0303", "averaged"},
      {"another version", "version=v4", "version=v9", "E0301", "version 4"},
      {"a cycle", "left_child=1 -1", "left_child=0 -1", "E0301", "stands twice"},
      {"a child beyond the end", "left_child=1 -1", "left_child=1 -9", "E0301", "does not exist"},
      {"a feature beyond the last", "split_feature=0 1", "split_feature=0 2", "E0301", "feature 2"},
      {"a feature below 0", "split_feature=0 1", "split_feature=-1 1", "E0301", "feature -1"},
      {"too few leaves", "leaf_value=30 10 20", "leaf_value=30 10", "E0301", "leaf_value"},
      {"a word", "leaf_value=30 10 20", "leaf_value=30 x 20", "E0301", "leaf_value"},
      {"a set beyond the words", "cat_boundaries=0 1", "cat_boundaries=0 2", "E0301", "cat_boundaries"},
      {"a set that is missing", "threshold=1.5 0", "threshold=1.5 1", "E0301", "set 1"},
      {"no leaves", "num_leaves=3", "num_leaves=0", "E0301", "0 leaves"},
      {"its end", "end of trees", "", "E0301", "ends too early"}};
  for (const auto& c : cases) {
    const auto forest = ForestFromLightgbm(With(kLightgbmText, c.from, c.to));
    ASSERT_FALSE(forest.ok()) << c.name;
    EXPECT_EQ(forest.error().code, c.code) << c.name;
    EXPECT_THAT(forest.error().message, HasSubstr(c.said)) << c.name;
  }
}

TEST(ForeignModels, WhatXgboostCanWriteAndCannotBeTakenOverIsNamed) {
  const std::vector<Case> cases = {
      {"a linear booster", "gbtree", "gblinear", "E0303", "gblinear"},
      {"an objective", "binary:logistic", "rank:ndcg", "E0303", "rank:ndcg"},
      {"vector leaves", R"("size_leaf_vector": "1")", R"("size_leaf_vector": "3")", "E0303", "vector leaves"},
      {"a cycle", "[2, -1, 3,", "[2, -1, 0,", "E0301", "stands twice"},
      {"a child beyond the end", "[2, -1, 3,", "[2, -1, 5,", "E0301", "does not exist"},
      {"a feature beyond the last", "[0, 0, 1, 0, 0], \"split_type\"", "[0, 0, 2, 0, 0], \"split_type\"", "E0301",
       "feature 2"},
      {"categories beyond the list", "\"categories_sizes\": [3]", "\"categories_sizes\": [4]", "E0301", "categories"},
      {"categories of no node", "\"categories_nodes\": [2]", "\"categories_nodes\": [9]", "E0301", "node 9"},
      {"a node without its categories", "\"categories_nodes\": [2]", "\"categories_nodes\": []", "E0301", "node 2"},
      {"an output that is not there", "\"tree_info\": [0]", "\"tree_info\": [7]", "E0301", "output 7"},
      {"a base that is infinite", "5E-1", "1", "E0301", "base score"},
      {"no base", "\"base_score\"", "\"score\"", "E0301", "base_score"},
      {"no JSON", "{\"learner\"", "learner", "E0301", "JSON"}};
  for (const auto& c : cases) {
    const auto forest = ForestFromXgboost(With(kXgboostJson, c.from, c.to), 0.1);
    ASSERT_FALSE(forest.ok()) << c.name;
    EXPECT_EQ(forest.error().code, c.code) << c.name;
    EXPECT_THAT(forest.error().message, HasSubstr(c.said)) << c.name;
  }
}

TEST(ForeignModels, NoChangedByteLeadsOutOfTheTrees) {
  const auto harm = [](const std::string& text, const std::function<Result<Forest>(const std::string&)>& read) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      for (const char other : {'0', '9', '-', ' ', '\n', '\0'}) {
        auto changed = text;
        changed[i] = other;
        const auto forest = read(changed);
        if (forest.ok() && forest->features == 2 && forest->base.size() == 1) (void)Score(*forest, 1, 2);
      }
    }
  };
  harm(kLightgbmText, [](const std::string& text) { return ForestFromLightgbm(text); });
  harm(kXgboostJson, [](const std::string& text) { return ForestFromXgboost(text, 0.1); });
}

}  // namespace
}  // namespace retrain::train::forest
