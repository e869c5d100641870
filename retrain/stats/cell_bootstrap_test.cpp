#include "retrain/stats/cell_bootstrap.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "retrain/stats/exact_laws.h"
#include "tests/golden/statistics/vectors.h"

namespace retrain::stats {
namespace {

using golden::ExpectNear;

// The cells (y, a, b) of the golden file and F1 of b less F1 of a on them.
struct GoldenCells {
  std::vector<std::array<std::int64_t, 3>> keys;
  std::vector<std::int64_t> counts;

  explicit GoldenCells(const Json& vector) {
    for (const auto& row : vector["cells (y, a, b)"].items()) {
      const auto& cell = row.items();
      keys.push_back({cell[0].AsInt(), cell[1].AsInt(), cell[2].AsInt()});
      counts.push_back(cell[3].AsInt());
    }
  }
  double F1(std::span<const std::int64_t> of, int model) const {
    double hits = 0;
    double said = 0;
    for (std::size_t i = 0; i < keys.size(); ++i) {
      hits += static_cast<double>(of[i] * keys[i][0] * keys[i][model]);
      said += static_cast<double>(of[i] * (keys[i][0] + keys[i][model]));
    }
    return said > 0 ? 2 * hits / said : 0;
  }
  double operator()(std::span<const std::int64_t> of) const { return F1(of, 2) - F1(of, 1); }
};

TEST(CellBootstrap, GivesTheGoldenErrorAccelerationAndInterval) {
  const Json vector = golden::ReadVectors("cells");
  const GoldenCells cells(vector);
  const auto result = BootstrapCells(cells.counts, cells, {.resamples = 20000, .confidence = 0.95, .seed = 3});
  ExpectNear(result.interval.value, vector["difference"], 5e-11, "difference");
  ExpectNear(result.acceleration, vector["acceleration"], 5e-11, "acceleration");
  const double error = vector["delta error"].AsDouble();
  EXPECT_NEAR(result.interval.error / error, 1, 0.03) << "the simulation's own error is sqrt(1/(2 · 20,000)) = 0.5 %";
  const auto theirs = golden::Numbers(vector["scipy BCa 90 %"]);
  EXPECT_NEAR(result.interval.lower, theirs[0], vector["simulation error"].AsDouble());
  EXPECT_NEAR(result.interval.upper, theirs[1], vector["simulation error"].AsDouble());
  EXPECT_EQ(result.interval.n, 1000);
  EXPECT_FALSE(result.degenerate);
}

TEST(CellBootstrap, ReadsTheGoldenLevels) {
  const Json vector = golden::ReadVectors("cells");
  const auto levels = golden::Numbers(vector["levels for bias .05"]);
  const double a = vector["acceleration"].AsDouble();
  EXPECT_NEAR(BcaLevel(0.05, a, 0.05), levels[0], 5e-11);
  EXPECT_NEAR(BcaLevel(0.05, a, 0.95), levels[1], 5e-11);
  EXPECT_NEAR(BcaLevel(0, 0, 0.05), 0.05, 1e-15);
}

TEST(CellBootstrap, GivesTheSameBitsForTheSameSeed) {
  const GoldenCells cells(golden::ReadVectors("cells"));
  const auto once = BootstrapCells(cells.counts, cells, {.seed = 1}).interval;
  EXPECT_EQ(once, BootstrapCells(cells.counts, cells, {.seed = 1}).interval);
  EXPECT_NE(once, BootstrapCells(cells.counts, cells, {.seed = 2}).interval);
}

TEST(CellBootstrap, BoundsFallAsConfidenceGrows) {
  const GoldenCells cells(golden::ReadVectors("cells"));
  double before = 1;
  for (const double confidence : {0.8, 0.9, 0.95, 0.99, 0.999}) {
    const auto interval = BootstrapCells(cells.counts, cells, {.confidence = confidence}).interval;
    EXPECT_LT(interval.lower, before);
    EXPECT_LT(interval.lower, interval.value);
    EXPECT_GT(interval.upper, interval.value);
    before = interval.lower;
  }
}

TEST(CellBootstrap, OfModelsThatNeverDifferIsDegenerate) {
  const std::vector<std::int64_t> counts = {10, 20};
  EXPECT_TRUE(BootstrapCells(counts, [](auto) { return 0.0; }, {}).degenerate);
}

TEST(MultinomialSampler, KeepsTheSumAndTheMeanOfEachCell) {
  const GoldenCells cells(golden::ReadVectors("cells"));
  const MultinomialSampler sampler(cells.counts);
  Rng rng(8);
  std::vector<double> sums(cells.counts.size());
  std::vector<std::int64_t> drawn(cells.counts.size());
  constexpr int kDraws = 20000;
  for (int i = 0; i < kDraws; ++i) {
    sampler.Draw(rng, drawn);
    EXPECT_EQ(std::accumulate(drawn.begin(), drawn.end(), std::int64_t{0}), 1000);
    for (std::size_t cell = 0; cell < sums.size(); ++cell) sums[cell] += static_cast<double>(drawn[cell]);
  }
  for (std::size_t cell = 0; cell < sums.size(); ++cell) {
    const double p = static_cast<double>(cells.counts[cell]) / 1000;
    EXPECT_NEAR(sums[cell] / kDraws, 1000 * p, 5 * std::sqrt(1000 * p * (1 - p) / kDraws));
  }
}

// The bootstrap of an accuracy has a law that can be written out: the simulated one comes to it.
TEST(CellBootstrap, OfAnAccuracyFollowsItsExactLaw) {
  const Json vector = golden::ReadVectors("cells");
  const Json& small = vector["accuracy law"];
  const Discordance seen{small["wins"].AsInt(), small["losses"].AsInt(), small["n"].AsInt()};
  const auto law = BootstrapLawOfAccuracy(seen);
  ExpectNear(law.at_or_below, small["at or below"], 5e-11, "P(D* <= 0)");
  ExpectNear(law.below, small["below"], 5e-11, "P(D* < 0)");

  const std::vector<std::int64_t> counts = {seen.wins, seen.losses, seen.n - seen.wins - seen.losses};
  const MultinomialSampler sampler(counts);
  Rng rng(17);
  std::vector<std::int64_t> drawn(3);
  int below = 0;
  constexpr int kDraws = 100000;
  for (int i = 0; i < kDraws; ++i) {
    sampler.Draw(rng, drawn);
    below += drawn[0] < drawn[1] ? 1 : 0;
  }
  EXPECT_NEAR(below / static_cast<double>(kDraws), law.below, 4.9 * std::sqrt(law.below * (1 - law.below) / kDraws));

  const GoldenCells cells(vector);  // b is right where a is wrong in 30 + 25 rows, the other way round in 15 + 15
  const double error = TangoInterval({55, 30, 1000}, 0.95).error;
  ExpectNear(error * error, vector["accuracy bootstrap variance"], 1e-15, "variance");
}

TEST(Permutation, OfTheF1DifferenceGivesTheGoldenPValue) {
  const Json vector = golden::ReadVectors("cells");
  const GoldenCells cells(vector);
  const MirroredCells pairs[] = {{15, 30}, {25, 15}};  // (1,1,0) and (1,0,1); (0,1,0) and (0,0,1)
  const double p = ExactPermutationPValue(pairs, [&](std::span<const std::int64_t> firsts) {
    auto moved = cells.counts;
    moved[1] = firsts[0];
    moved[2] = 45 - firsts[0];
    moved[5] = firsts[1];
    moved[6] = 40 - firsts[1];
    return cells(moved);
  });
  ExpectNear(p, vector["permutation p"], 5e-11, "p");
}

TEST(Permutation, WithoutARowThatDiffersIsCertain) {
  EXPECT_EQ(ExactPermutationPValue({}, [](auto) { return 0.0; }), 1);
}

}  // namespace
}  // namespace retrain::stats
