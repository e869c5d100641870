#include "retrain/stats/merged.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/stats/sort_values.h"

namespace retrain::stats {
namespace {

using Values = std::vector<double>;

double CountUpTo(const Values& values, double limit) {
  return static_cast<double>(std::count_if(values.begin(), values.end(), [&](double v) { return v <= limit; }));
}
double Share(const Values& values, double limit) {
  return CountUpTo(values, limit) / static_cast<double>(values.size());
}

// Rank among `among`, ties in the middle.
double MidRank(const Values& among, double value) {
  const auto below = std::count_if(among.begin(), among.end(), [&](double v) { return v < value; });
  return (static_cast<double>(below) + 1 + CountUpTo(among, value)) / 2;
}

// The definitions, in O(n²).
Merged ByDefinition(const Values& x, const Values& y) {
  Values both = x;
  both.insert(both.end(), y.begin(), y.end());
  std::sort(both.begin(), both.end());
  Values distinct = both;
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  const auto n = static_cast<double>(x.size());
  const auto m = static_cast<double>(y.size());
  const double total = n + m;
  Merged merged{.n_first = std::ssize(x), .n_second = std::ssize(y), .distinct = std::ssize(distinct)};
  double tail = 0;
  for (std::size_t g = 0; g < distinct.size(); ++g) {
    const double value = distinct[g];
    const double gap = Share(x, value) - Share(y, value);
    merged.above = std::max<std::int64_t>(merged.above, std::llround(gap * n * m));
    merged.below = std::max<std::int64_t>(merged.below, std::llround(-gap * n * m));
    const double width = g + 1 < distinct.size() ? distinct[g + 1] - value : 0;
    merged.area += std::fabs(gap) * width;
    merged.squared_area += gap * gap * width;
    const double size = CountUpTo(both, value) - (g > 0 ? CountUpTo(both, distinct[g - 1]) : 0);
    merged.tie_term += size * size * size - size;
    const double b = CountUpTo(both, value) - size / 2;
    for (const auto* sample : {&x, &y}) {
      const auto own = static_cast<double>(sample->size());
      const double middle = (CountUpTo(*sample, value) + (g > 0 ? CountUpTo(*sample, distinct[g - 1]) : 0)) / 2;
      const double misfit = total * middle - b * own;
      if (distinct.size() > 1) tail += size / total * misfit * misfit / (b * (total - b) - total * size / 4) / own;
    }
  }
  merged.tail_misfit = tail * (total - 1) / total;
  double u = 0;
  for (const auto* sample : {&x, &y}) {
    double squares = 0;
    for (std::size_t i = 0; i < sample->size(); ++i) {
      const double rank = MidRank(both, (*sample)[i]) - static_cast<double>(i + 1);
      squares += rank * rank;
    }
    u += static_cast<double>(sample->size()) * squares;
  }
  merged.misfit_4u = std::llround(4 * u);
  merged.rank_misfit = u / (n * m * total) - (4 * n * m - 1) / (6 * total);
  double wins = 0;
  for (const double a : x) {
    for (const double b : y) wins += a > b ? 2 : a == b ? 1 : 0;
  }
  merged.twice_wins = std::llround(wins);
  return merged;
}

void ExpectSame(const Merged& ours, const Merged& defined) {
  EXPECT_EQ(ours.n_first, defined.n_first);
  EXPECT_EQ(ours.n_second, defined.n_second);
  EXPECT_EQ(ours.distinct, defined.distinct);
  EXPECT_EQ(ours.above, defined.above);
  EXPECT_EQ(ours.below, defined.below);
  EXPECT_EQ(ours.misfit_4u, defined.misfit_4u);
  EXPECT_EQ(ours.twice_wins, defined.twice_wins);
  EXPECT_EQ(ours.tie_term, defined.tie_term);
  EXPECT_NEAR(ours.area, defined.area, 1e-11 * (1 + defined.area));
  EXPECT_NEAR(ours.squared_area, defined.squared_area, 1e-11 * (1 + defined.squared_area));
  EXPECT_NEAR(ours.rank_misfit, defined.rank_misfit, 1e-10 * (1 + std::fabs(defined.rank_misfit)));
  EXPECT_NEAR(ours.tail_misfit, defined.tail_misfit, 1e-11 * (1 + defined.tail_misfit));
}

TEST(Merge, GivesWhatTheDefinitionsGiveWithAndWithoutTies) {
  Rng rng(12);
  for (int world = 0; world < 300; ++world) {
    Values x(1 + rng.Below(40));
    Values y(1 + rng.Below(40));
    const std::uint64_t levels = world % 3 == 0 ? 1000000 : 1 + rng.Below(12);
    const double shift = world % 5 == 0 ? 20 : 0;
    for (double& value : x) value = static_cast<double>(rng.Below(levels)) - 3;
    for (double& value : y) value = static_cast<double>(rng.Below(levels)) + shift;
    SortValues(x);
    SortValues(y);
    SCOPED_TRACE("world " + std::to_string(world));
    ExpectSame(Merge(x, y), ByDefinition(x, y));
  }
}

TEST(Merge, SwapsItsSidesWithItsSamples) {
  const Values x = {1, 2, 2, 5};
  const Values y = {0, 2, 3};
  const Merged forth = Merge(x, y);
  const Merged back = Merge(y, x);
  EXPECT_EQ(forth.above, back.below);
  EXPECT_EQ(forth.below, back.above);
  EXPECT_EQ(forth.area, back.area);
  EXPECT_EQ(forth.twice_wins + back.twice_wins, 2 * 4 * 3);
}

// Sums of squared ranks of a million values pass 2^63; nothing may be lost there.
TEST(Merge, KeepsRankSumsExactForLargeSamples) {
  constexpr std::int64_t kRows = 300000;
  Values x(kRows);
  Values y(kRows);
  for (std::int64_t i = 0; i < kRows; ++i) {
    x[i] = static_cast<double>(2 * i);
    y[i] = static_cast<double>(2 * i + 1);
  }
  const Merged merged = Merge(x, y);
  // The i-th x stands before the i-th y: U = n (sum (i - 1)² + sum i²), and T = U/(2 n³) - (4 n² - 1)/(12 n) = 1/(4 n).
  const auto n = static_cast<double>(kRows);
  EXPECT_NEAR(merged.rank_misfit, 1 / (4 * n), 1e-18);
  EXPECT_EQ(merged.above, kRows);
  EXPECT_EQ(merged.below, 0);
  EXPECT_EQ(merged.twice_wins, kRows * (kRows - 1));
  EXPECT_EQ(merged.misfit_4u, -1) << "4 U is about 8/3 n⁴ and no longer a 63-bit number";
}

}  // namespace
}  // namespace retrain::stats
