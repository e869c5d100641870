#include "retrain/model/forest/forest_model.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "retrain/base/bytes.h"
#include "retrain/testing/table_memory.h"

namespace retrain::model::forest {
namespace {

constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

Forest Empty() {
  Forest forest;
  forest.features = 2;
  forest.base = {0.5};
  forest.sets = {{0b10110U}};
  return forest;
}

// Node 0 asks feature 0, its left child a set of feature 1.
const std::vector<Split> kTree = {{.question = 0 | kNanRight, .number = 1.5, .left = 2, .right = 1},
                                  {.number = 10},
                                  {.question = 1 | kCategory, .number = 0, .left = 4, .right = 3},
                                  {.number = 20},
                                  {.number = 30}};

Forest Example() {
  Forest forest = Empty();
  RETRAIN_ALWAYS(AddTree(kTree, 0, 0.1, forest).ok());
  return forest;
}

double Score(const Forest& forest, double a, double b) {
  double score = 0;
  AddScores(forest, std::vector<double>{a, b}, {&score, 1});
  return score;
}

TEST(Forest, SendsARowWhereItsValuesSay) {
  const auto forest = Example();
  struct Case {
    double a, b, leaf;
  };
  for (const auto& c : {Case{1.6, 2, 10},
                        {kNull, 2, 10},
                        {1.5, 2, 30},
                        {-9, 4, 30},
                        {1.5, 3, 20},
                        {0, 0, 20},
                        {0, 700, 20},
                        {0, -1, 20},
                        {0, kNull, 30}})
    EXPECT_EQ(Score(forest, c.a, c.b), c.leaf) << c.a << " " << c.b;
}

TEST(Forest, ZeroCanCountAsMissing) {
  Forest forest = Empty();
  ASSERT_TRUE(AddTree(std::vector<Split>{{.question = 0 | kZeroIsNan | kNanRight, .number = 1, .left = 1, .right = 2},
                                         {.number = 1},
                                         {.number = 2}},
                      0, 1, forest)
                  .ok());
  for (const auto& [x, leaf] : {std::pair{0.5, 1}, {0.0, 2}, {-1e-36, 2}, {kNull, 2}, {3.0, 2}})
    EXPECT_EQ(Score(forest, x, 0), leaf) << x;
}

TEST(Forest, TellsTheSameOfARowInAnyCompany) {
  Forest forest = Example();
  for (int i = 0; i < 40; ++i) ASSERT_TRUE(AddTree(kTree, 0, 1, forest).ok());
  std::vector<double> rows;
  for (int i = 0; i < 300; ++i) rows.insert(rows.end(), {i % 7 * 0.5, static_cast<double>(i % 11)});
  std::vector<double> together(300);
  AddScores(forest, rows, together);
  for (std::size_t i = 0; i < together.size(); ++i)
    EXPECT_EQ(together[i], Score(forest, rows[2 * i], rows[2 * i + 1])) << "row " << i;
}

TEST(Forest, IsCutBackToItsFirstTrees) {
  const auto once = Example();
  Forest forest = once;
  ASSERT_TRUE(AddTree(kTree, 0, 1, forest).ok());
  KeepTrees(1, forest);
  EXPECT_EQ(forest, once);
}

TEST(Forest, RefusesATreeThatIsNone) {
  struct Case {
    std::string name;
    std::function<void(std::vector<Split>&)> harm;
  };
  const std::vector<Case> cases = {
      {"a cycle", [](auto& tree) { tree[2].left = 0; }},
      {"a node with two parents", [](auto& tree) { tree[2].left = 3; }},
      {"its own child", [](auto& tree) { tree[2].right = 2; }},
      {"a child beyond the end", [](auto& tree) { tree[0].left = 5; }},
      {"a child before the start", [](auto& tree) { tree[0].right = -1; }},
      {"a feature that is not there", [](auto& tree) { tree[0].question = 2; }},
      {"a set that is not there", [](auto& tree) { tree[2].number = 1; }},
      {"a set below 0", [](auto& tree) { tree[2].number = -1; }},
      {"a threshold that is no number", [](auto& tree) { tree[0].number = kNull; }},
      {"an infinite leaf", [](auto& tree) { tree[1].number = std::numeric_limits<double>::infinity(); }},
      {"no node", [](auto& tree) { tree.clear(); }}};
  for (const auto& c : cases) {
    auto tree = kTree;
    c.harm(tree);
    auto forest = Empty();
    const auto status = AddTree(tree, 0, 1, forest);
    ASSERT_FALSE(status.ok()) << c.name;
    EXPECT_EQ(status.error().code, "E0301") << c.name;
  }
  auto forest = Empty();
  EXPECT_FALSE(AddTree(kTree, 1, 1, forest).ok()) << "an output that is not there";
}

TEST(ForestBytes, ComeBackAsTheyWere) {
  const auto back = ForestFromBytes(ToBytes(Example()));
  ASSERT_TRUE(back.ok()) << ToText(back.error());
  EXPECT_EQ(*back, Example());
}

// The artifact's checksums find accidents; this is for bytes that somebody made.
TEST(ForestBytes, NoChangedByteLeadsOutOfTheTrees) {
  const auto bytes = ToBytes(Example());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(ForestFromBytes(std::string_view(bytes).substr(0, size)).ok()) << size << " bytes were accepted";
  EXPECT_FALSE(ForestFromBytes(bytes + "x").ok());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int flip : {1, 0x10, 0x80, 0xff}) {
      auto changed = bytes;
      changed[i] = static_cast<char>(changed[i] ^ flip);
      const auto forest = ForestFromBytes(changed);
      if (!forest.ok()) {
        EXPECT_EQ(forest.error().code, "E0301");
      } else if (forest->features == 2 && forest->base.size() == 1) {
        (void)Score(*forest, 1, 2);  // ends, and reads what is there
      }
    }
  }
}

TEST(ForestModel, ReadsACategoryByItsNameAndTellsBothClasses) {
  Forest forest = Example();
  forest.link = Link::kSigmoid;
  Artifact artifact;
  artifact.family = kLightgbm;
  artifact.contract.labels = {.task = data::Task::kBinary, .classes = {"no", "yes"}};
  const mlp::Encoder encoder{.numbers = {{.name = "a"}}, .categories = {{.name = "city", .levels = {"Bern", "Rome"}}}};
  SaveForest({.encoder = encoder, .forest = forest}, artifact);
  const auto model = LoadModel(artifact);
  ASSERT_TRUE(model.ok()) << ToText(model.error());
  const auto said =
      (*model)->Predict(testing::FrameOf(3).Text("city", {"Bern", "Oslo", {}}).Number("a", {0, 0, 7}).Build());
  ASSERT_TRUE(said.ok()) << ToText(said.error());
  EXPECT_EQ(said->outputs, 2);
  const auto share = [](double score) { return 1 / (1 + std::exp(-score)); };
  EXPECT_DOUBLE_EQ(said->At(0, 1), share(30.5));  // Bern is code 1, in the set
  EXPECT_DOUBLE_EQ(said->At(1, 1), share(20.5));  // never seen: code 0, not in it
  EXPECT_DOUBLE_EQ(said->At(2, 1), share(10.5));
  EXPECT_DOUBLE_EQ(said->At(2, 0), 1 - share(10.5));
  artifact.contract.labels.classes.push_back("perhaps");
  EXPECT_EQ(LoadModel(artifact).error().code, "E0301");
}

}  // namespace
}  // namespace retrain::model::forest
