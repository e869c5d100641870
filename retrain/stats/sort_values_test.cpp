#include "retrain/stats/sort_values.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "retrain/base/random.h"

namespace retrain::stats {
namespace {

TEST(SortValues, OrdersEveryShapeOfColumnAsComparingDoes) {
  Rng rng(3);
  const std::pair<const char*, std::function<double()>> shapes[] = {
      {"normal", [&] { return rng.Normal(); }},
      {"log-normal", [&] { return std::exp(40 * rng.Normal()); }},
      {"counts", [&] { return static_cast<double>(rng.Below(7)); }},
      {"seconds of a day", [&] { return 1.7e9 + static_cast<double>(rng.Below(86400)); }},
      {"one outlier", [&] { return rng.Below(4000) == 0 ? 1e300 : rng.Normal(); }},
      {"alike but for the last bits", [&] { return 1 + 0x1p-52 * static_cast<double>(rng.Below(100000)); }},
      {"two clusters of those",
       [&] { return (rng.Below(2) == 0 ? -8 : 8) + 0x1p-45 * static_cast<double>(rng.Below(900)); }},
      {"constant", [] { return 5.0; }},
      {"zeros of both signs", [&] { return rng.Below(2) == 0 ? -0.0 : 0.0; }},
      {"infinities among them",
       [&] {
         return rng.Below(9) == 0 ? std::copysign(std::numeric_limits<double>::infinity(), rng.Normal()) : rng.Normal();
       }},
      {"the outermost numbers",
       [&] {
         return std::copysign(std::numeric_limits<double>::max(), rng.Normal()) / static_cast<double>(1 + rng.Below(3));
       }},
      {"denormal", [&] { return 0x1p-1060 * rng.Normal(); }},
  };
  for (const auto& [name, draw] : shapes) {
    for (const std::size_t n :
         {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{17}, std::size_t{200}, std::size_t{30001}}) {
      std::vector<double> values(n);
      for (double& value : values) value = draw();
      auto expected = values;
      std::sort(expected.begin(), expected.end());
      SortValues(values);
      EXPECT_EQ(values, expected) << n << " values, " << name;
    }
  }
}

RC_GTEST_PROP(SortValues, KeepsEveryValue, (std::vector<double> some)) {
  std::vector<double> values;
  while (values.size() < 3000) {
    values.push_back(static_cast<double>(values.size()));
    for (const double value : some) {
      if (!std::isnan(value)) values.push_back(value);
    }
  }
  auto expected = values;
  std::sort(expected.begin(), expected.end());
  SortValues(values);
  RC_ASSERT(values == expected);
}

TEST(Separate, SetsApartWhatIsNoNumber) {
  const double infinity = std::numeric_limits<double>::infinity();
  const double values[] = {2, NAN, -infinity, 1, infinity, infinity, NAN, NAN, -3};
  EXPECT_EQ(Separate(values), (Separated{.finite = {2, 1, -3}, .nulls = 3, .minus_infinite = 1, .plus_infinite = 2}));
  EXPECT_EQ(Separate({}), Separated{});
}

}  // namespace
}  // namespace retrain::stats
