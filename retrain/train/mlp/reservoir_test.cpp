#include "retrain/train/mlp/reservoir.h"

#include <cmath>

#include <gtest/gtest.h>

#include "retrain/testing/table_memory.h"

namespace retrain::train::mlp {
namespace {

model::Contract Features() {
  model::Contract contract;
  contract.labels = {.task = data::Task::kRegression, .classes = {}};
  contract.roles.target = "y";
  contract.roles.features = {{"x", data::ColumnType::kNumber}, {"word", data::ColumnType::kText}};
  return contract;
}

// Rows first … first + count - 1: x is the row's number, the word and the target tell it too.
void AddRows(Reservoir& reservoir, int first, int count) {
  std::vector<double> x;
  std::vector<std::optional<std::string>> word;
  for (int i = first; i < first + count; ++i) {
    x.push_back(i);
    word.push_back(i % 3 == 0 ? std::optional<std::string>() : "w" + std::to_string(i % 7));
  }
  const auto frame = testing::FrameOf(count).Number("x", x).Text("word", word).Build();
  reservoir.Add({.rows = frame, .targets = x, .weights = {}});
}

TEST(Reservoir, KeepsAllRowsWhileThereIsRoom) {
  Reservoir reservoir(Features(), 10, 1);
  AddRows(reservoir, 0, 4);
  AddRows(reservoir, 4, 3);
  EXPECT_EQ(reservoir.targets(), (std::vector<double>{0, 1, 2, 3, 4, 5, 6}));
  const auto frame = reservoir.ToFrame();
  EXPECT_EQ(frame.Find("x")->numbers[5], 5);
  EXPECT_TRUE(frame.Find("word")->IsNull(3));
  EXPECT_EQ(frame.Find("word")->levels[frame.Find("word")->codes[5]], "w5");
}

TEST(Reservoir, GivesEveryRowTheSameChance) {
  constexpr int kRows = 400, kCapacity = 100, kTimes = 400;
  std::vector<int> kept(kRows, 0);
  for (int time = 0; time < kTimes; ++time) {
    Reservoir reservoir(Features(), kCapacity, static_cast<std::uint64_t>(time));
    AddRows(reservoir, 0, 150);
    AddRows(reservoir, 150, kRows - 150);
    ASSERT_EQ(reservoir.rows(), kCapacity);
    for (const double row : reservoir.targets()) ++kept[static_cast<std::size_t>(row)];
  }
  double chi_square = 0;
  const double expected = static_cast<double>(kTimes) * kCapacity / kRows,
               variance = expected * (1 - static_cast<double>(kCapacity) / kRows);
  for (const int count : kept) chi_square += std::pow(count - expected, 2) / variance;
  EXPECT_LT(chi_square, kRows + 5 * std::sqrt(2.0 * kRows));
  EXPECT_GT(chi_square, kRows - 5 * std::sqrt(2.0 * kRows));
}

TEST(Reservoir, GoesOnFromItsBytesAsIfItHadNeverStopped) {
  Reservoir whole(Features(), 50, 3), first(Features(), 50, 3);
  AddRows(whole, 0, 200);
  AddRows(first, 0, 200);
  auto second = Reservoir::FromBytes(first.ToBytes(), Features(), 50);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->ToBytes(), first.ToBytes());
  AddRows(whole, 200, 300);
  AddRows(*second, 200, 300);
  EXPECT_EQ(second->ToBytes(), whole.ToBytes());
  EXPECT_EQ(second->seen(), 500);
}

TEST(Reservoir, ShrinksToASmallerCapacity) {
  Reservoir reservoir(Features(), 50, 3);
  AddRows(reservoir, 0, 200);
  const auto smaller = Reservoir::FromBytes(reservoir.ToBytes(), Features(), 20);
  ASSERT_TRUE(smaller.ok());
  EXPECT_EQ(smaller->rows(), 20);
  EXPECT_EQ(smaller->ToFrame().rows(), 20);
}

TEST(Reservoir, RefusesBytesThatAreNoRowsOfItsFeatures) {
  Reservoir reservoir(Features(), 5, 3);
  AddRows(reservoir, 0, 9);
  const auto bytes = reservoir.ToBytes();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(Reservoir::FromBytes(bytes.substr(0, size), Features(), 5).ok()) << size;
  auto other = Features();
  other.roles.features[0].name = "z";
  EXPECT_EQ(Reservoir::FromBytes(bytes, other, 5).error().code, "E0301");
}

}  // namespace
}  // namespace retrain::train::mlp
