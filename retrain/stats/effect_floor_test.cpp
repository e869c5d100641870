#include "retrain/stats/effect_floor.h"

#include <cmath>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retrain/base/random.h"
#include "retrain/stats/distributions.h"
#include "tests/golden/statistics/vectors.h"

namespace retrain::stats {
namespace {

using golden::ExpectNear;
using Counts = std::vector<std::int64_t>;

// `rows` drawn from shares that need not sum to 1.
Counts Draw(Rng& rng, const std::vector<double>& shares, std::int64_t rows) {
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  Counts counts(shares.size());
  for (std::int64_t row = 0; row < rows; ++row) {
    double left = rng.Uniform() * all;
    std::size_t cell = 0;
    while (cell + 1 < shares.size() && left >= shares[cell]) left -= shares[cell++];
    ++counts[cell];
  }
  return counts;
}

TEST(NoncentralChiSquare, GivesTheGoldenTails) {
  const Json vectors = golden::ReadVectors("effect_floor");
  ASSERT_EQ(vectors["tails"].items().size(), 4U);
  for (const auto& at : vectors["tails"].items()) {
    const double x = at["x"].AsDouble();
    const double degrees = at["degrees"].AsDouble();
    const double noncentrality = at["noncentrality"].AsDouble();
    ExpectNear(NoncentralChiSquareCdf(x, degrees, noncentrality), at["cdf"], 1e-12, "cdf");
    const double upper = at["upper"].AsDouble();
    EXPECT_NEAR(NoncentralChiSquareUpperTail(x, degrees, noncentrality) / upper, 1, 1e-8) << x;
  }
}

TEST(NoncentralChiSquare, HasAnAnswerForMillionsOfRows) {
  EXPECT_NEAR(NoncentralChiSquareCdf(600'199, 199, 600'000), 0.5, 0.01);
  EXPECT_EQ(NoncentralChiSquareUpperTail(5e7, 9, 1e6), 0);
}

TEST(EffectFloor, GivesTheGoldenPValuesOfSharesWithAKnownIndex) {
  const Json shares = golden::ReadVectors("effect_floor")["shares"];
  const auto seen = [&](double rows) {
    const double half = rows / 2;
    return Discrepancy{.value = half * shares["index"].AsDouble(), .mean = 4, .variance = 8, .rows = half};
  };
  ExpectNear(FloorPValue(seen(1'000), 0), shares["equal, 1000 rows each"], 1e-9, "equal");
  ExpectNear(FloorPValue(seen(1'000), 0.02), shares["floor .02, 1000 rows each"], 1e-9, "1,000 rows");
  ExpectNear(FloorPValue(seen(10'000), 0.02), shares["floor .02, 10000 rows each"], 1e-9, "10,000 rows");
  const Counts reference(5, 200'000'000);
  const Counts current = {150'000'000, 180'000'000, 220'000'000, 200'000'000, 250'000'000};
  ExpectNear(StabilityIndex(reference, current), shares["index"], 1e-8, "index");
}

TEST(EffectFloor, GivesTheGoldenBounds) {
  const Json bounds = golden::ReadVectors("effect_floor")["bounds"];
  const Discrepancy seen{.value = 40, .mean = 9, .variance = 18, .rows = 2'500};
  const auto found = BoundsOf(seen, 0.95);
  ExpectNear(found.lower * seen.rows, bounds["lower"], 1e-6, "lower");
  ExpectNear(found.upper * seen.rows, bounds["upper"], 1e-6, "upper");
  EXPECT_DOUBLE_EQ(found.value, 31.0 / 2'500);
  EXPECT_NEAR(FloorPValue(seen, found.lower), 0.05, 1e-9);
  const Discrepancy small{.value = bounds["smaller t"].AsDouble(), .mean = 9, .variance = 18, .rows = 2'500};
  ExpectNear(BoundsOf(small, 0.95).upper * small.rows, bounds["its upper"], 1e-6, "upper of a small t");
}

TEST(EffectFloor, OfSamplesThatAreAlikeToTheRowIsAtMostWhatTheirSizeAllows) {
  const Discrepancy equal{.value = 0, .mean = 9, .variance = 18, .rows = 2'500};
  EXPECT_NEAR(BoundsOf(equal, 0.95).upper * equal.rows, 2 * std::log(20), 1e-3);  // the limit of the ratio for T to 0
  EXPECT_EQ(BoundsOf(equal, 0.95).lower, 0);
  EXPECT_NEAR(FloorPValue(equal, 0), 1, 1e-9);
  EXPECT_NEAR(FloorPValue(equal, 0.1), 1, 1e-9);
}

TEST(SparseCells, HaveTheMomentsOfAllTablesWithTheirMargins) {
  const Json vectors = golden::ReadVectors("effect_floor");
  ASSERT_EQ(vectors["moments"].items().size(), 3U);
  for (const auto& table : vectors["moments"].items()) {
    Counts reference;
    Counts current;
    std::int64_t left = table["reference"].AsInt();
    for (const auto& cell : table["cells"].items()) {
      reference.push_back(std::min(left, cell.AsInt()));
      current.push_back(cell.AsInt() - reference.back());
      left -= reference.back();
    }
    const auto seen = OfSparseCells(reference, current);
    ExpectNear(seen.mean, table["mean"], 1e-9, "mean");
    ExpectNear(seen.variance, table["variance"], 1e-9, "variance");
  }
}

TEST(SparseCells, ThatHoldOneRowEachSayNothing) {
  const auto seen = OfSparseCells(Counts{1, 0, 1, 0, 0}, Counts{0, 1, 0, 1, 1});
  EXPECT_EQ(seen.variance, 0);
  EXPECT_NEAR(seen.value, seen.mean, 1e-12);
}

TEST(SparseCells, HoldTheirLevelWhereTheUsualTestWouldNot) {
  const std::vector<double> shares(800, 1.0);  // 500 rows a side: fewer than one row a cell
  Rng rng(11);
  constexpr int kRuns = 2'000;
  int alarms = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto a = Draw(rng, shares, 500);
    const auto b = Draw(rng, shares, 500);
    Counts reference;
    Counts current;
    for (std::size_t cell = 0; cell < a.size(); ++cell) {
      if (a[cell] + b[cell] == 0) continue;
      reference.push_back(a[cell]);
      current.push_back(b[cell]);
    }
    alarms += FloorPValue(OfSparseCells(reference, current), 0) <= 0.05 ? 1 : 0;
  }
  EXPECT_LE(alarms, 149) << "more than 5 % of 2,000, and chance would do that once in a million times";
  EXPECT_GE(alarms, 50) << "a test that never fires holds any level";
}

TEST(EffectFloor, AlarmsOnAHarmlessShiftNoMoreOftenThanItSays) {
  const std::vector<double> reference_shares(10, 0.1);
  std::vector<double> current_shares(10, 0.1);
  const auto index = [&] {
    double sum = 0;
    for (const double q : current_shares) sum += (q - 0.1) * std::log(q / 0.1);
    return sum;
  };
  for (double tilt = 0; index() < 0.02; tilt += 1e-4) {  // shares that rise along the cells until the index is 0.02
    for (int cell = 0; cell < 10; ++cell) current_shares[cell] = 0.1 * (1 + tilt * (cell - 4.5));
  }
  Rng rng(12);
  constexpr int kRuns = 1'000;
  int at_floor = 0;
  int at_zero = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto seen = OfStability(Draw(rng, reference_shares, 2'000), Draw(rng, current_shares, 2'000));
    at_floor += FloorPValue(seen, 0.02) <= 0.05 ? 1 : 0;
    at_zero += FloorPValue(seen, 0) <= 0.05 ? 1 : 0;
  }
  EXPECT_LE(at_floor, 86) << "5 % of 1,000 and five deviations";
  EXPECT_GE(at_floor, 20);
  EXPECT_GE(at_zero, 850) << "the test of equality sees this shift nine times in ten";
}

TEST(EffectFloor, TheTruthLiesWithinTheBoundsAsOftenAsTheySay) {
  const std::vector<double> p = {0.3, 0.3, 0.2, 0.2};
  const std::vector<double> q = {0.2, 0.35, 0.2, 0.25};
  double truth = 0;
  for (std::size_t cell = 0; cell < p.size(); ++cell) truth += (q[cell] - p[cell]) * std::log(q[cell] / p[cell]);
  Rng rng(13);
  constexpr int kRuns = 1'000;
  int below = 0;
  int above = 0;
  for (int run = 0; run < kRuns; ++run) {
    const auto bounds = BoundsOf(OfStability(Draw(rng, p, 1'500), Draw(rng, q, 700)), 0.95);
    below += bounds.lower > truth ? 1 : 0;
    above += bounds.upper < truth ? 1 : 0;
  }
  EXPECT_LE(below, 86);
  EXPECT_LE(above, 86);
}

TEST(EffectFloor, RowsThatWouldTellDoTell) {
  const Discrepancy seen{.value = 60, .mean = 9, .variance = 18, .rows = 300};  // an effect of 0.17
  const auto rows = RowsToTell(seen, 0.1, 0.95, 0.8);
  ASSERT_TRUE(rows);
  EXPECT_GT(*rows, 300);
  // At so many rows, T of this effect exceeds what the floor allows with a chance of about 80 %.
  double low = 0;
  double high = 10 * *rows;
  for (int step = 0; step < 60; ++step) {
    const double t = (low + high) / 2;
    (NoncentralChiSquareUpperTail(t, 9, 0.1 * *rows) > 0.05 ? low : high) = t;
  }
  EXPECT_NEAR(NoncentralChiSquareUpperTail(low, 9, 0.17 * *rows), 0.8, 0.03);
  EXPECT_FALSE(RowsToTell({.value = 9, .mean = 9, .variance = 18, .rows = 300}, 0, 0.95, 0.8));
}

TEST(OneCell, IsKnownTheBetterTheMoreRowsThereAre) {
  EXPECT_GT(BoundsOfOneCell(5'000, 1, 0.95).upper, 5);
  EXPECT_LT(BoundsOfOneCell(5'000, 5'000, 0.95).upper, 0.002);
  EXPECT_LT(BoundsOfOneCell(5'000, 1'000, 0.95).upper, BoundsOfOneCell(5'000, 100, 0.95).upper);
  EXPECT_EQ(BoundsOfOneCell(200, 300, 0.95), BoundsOfOneCell(300, 200, 0.95));
}

TEST(ExactShares, GivesTheGoldenPValues) {
  const Json vectors = golden::ReadVectors("effect_floor");
  ASSERT_EQ(vectors["events"].items().size(), 3U);
  for (const auto& c : vectors["events"].items()) {
    const auto& reference = c["reference"].items();
    const auto& current = c["current"].items();
    ExpectNear(ExactSharesPValue(reference[0].AsInt(), reference[1].AsInt(), current[0].AsInt(), current[1].AsInt()),
               c["p_value"], 1e-9, "p");
  }
}

RC_GTEST_PROP(EffectFloor, IsTheSameWithTheSamplesExchanged, ()) {
  const auto cells = *rc::gen::inRange<std::size_t>(2, 12);
  const auto counts = [&] { return *rc::gen::container<Counts>(cells, rc::gen::inRange<std::int64_t>(1, 500)); };
  const Counts a = counts();
  const Counts b = counts();
  const auto one = OfStability(a, b);
  const auto other = OfStability(b, a);
  RC_ASSERT(std::abs(one.value - other.value) <= 1e-9 * (1 + one.value));
  RC_ASSERT(std::abs(OfSparseCells(a, b).value - OfSparseCells(b, a).value) <= 1e-9 * (1 + one.value));
}

}  // namespace
}  // namespace retrain::stats
