#include "retrain/drift/method.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/base/random.h"

namespace retrain::drift {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

ColumnSample Numbers(std::vector<double> values) { return {.numbers = std::move(values)}; }
ColumnSample Normal(int rows, double shift, std::uint64_t seed) {
  Rng rng(seed);
  ColumnSample sample;
  for (int i = 0; i < rows; ++i) sample.numbers.push_back(rng.Normal() + shift);
  return sample;
}
ColumnSample Texts(std::vector<std::int32_t> codes, std::vector<std::string> levels) {
  return {.kind = ColumnKind::kCategorical, .codes = std::move(codes), .levels = std::move(levels)};
}

Error ErrorOf(std::string_view name, const ColumnSample& reference, const ColumnSample& current) {
  const auto result = RunMethod(name, reference, current);
  EXPECT_FALSE(result.ok()) << name;
  return result.ok() ? Error{} : result.error();
}

TEST(Method, OfAnUnknownNameIsAnErrorWithTheNearestOne) {
  const auto sample = Normal(50, 0, 1);
  const Error slip = ErrorOf("evidently/pssi", sample, sample);
  EXPECT_EQ(slip.code, "E0107");
  EXPECT_THAT(slip.message, HasSubstr("`evidently/pssi`"));
  EXPECT_EQ(slip.hint, "write `evidently/psi`");
  EXPECT_THAT(ErrorOf("", sample, sample).hint, HasSubstr("scipy/ks_2samp:auto"));
  EXPECT_EQ(ErrorOf("scipy", sample, sample).code, "E0107");
  EXPECT_EQ(ErrorOf("whylogs/ks", sample, sample).code, "E0107");
}

TEST(Method, OfTheOtherKindOfColumnIsRefusedInBothDirections) {
  const auto texts = Texts({0, 1, 1}, {"a", "b"});
  EXPECT_EQ(ErrorOf("scipy/ks_2samp:auto", texts, texts).code, "E0211");
  EXPECT_EQ(ErrorOf("nannyml/chi2", Normal(50, 0, 1), Normal(50, 0, 2)).code, "E0211");
}

TEST(Method, EveryNameCanBeRunOnSomeColumn) {
  const auto reference = Normal(300, 0, 1);
  const auto current = Normal(300, 0.4, 2);
  ColumnSample categories = Texts({}, {"a", "b"});
  ColumnSample later = Texts({}, {"b", "a"});
  for (int i = 0; i < 300; ++i) {
    categories.codes.push_back(i % 2);
    later.codes.push_back(i % 5 == 0 ? 1 : 0);
  }
  const auto names = MethodNames();
  EXPECT_EQ(names.size(), 43U);
  for (const auto& name : names) {
    auto result = RunMethod(name, reference, current);
    if (!result.ok() && result.error().code == "E0211") result = RunMethod(name, categories, later);
    ASSERT_TRUE(result.ok()) << name << ": " << ToText(result.error());
    EXPECT_TRUE(std::isfinite(result->statistic)) << name;
    EXPECT_EQ(result->method, name == "evidently/default" ? "evidently/ks" : name);
  }
}

TEST(Method, DefaultOfEvidentlyTellsWhatItPicked) {
  EXPECT_EQ(RunMethod("evidently/default", Normal(50, 0, 1), Normal(50, 0, 2))->method, "evidently/ks");
  EXPECT_EQ(RunMethod("evidently/default", Normal(1001, 0, 1), Normal(50, 0, 2))->method, "evidently/wasserstein");
  EXPECT_EQ(RunMethod("evidently/default:ks", Normal(50, 0, 1), Normal(50, 0, 2))->method, "evidently/ks");
  const Error other = ErrorOf("evidently/default:psi", Normal(50, 0, 1), Normal(50, 0, 2));
  EXPECT_EQ(other.code, "E0220");
  EXPECT_THAT(other.message, HasSubstr("Evidently picks `ks`"));
}

TEST(Method, OfAColumnWithoutValuesIsAnErrorThatSaysSo) {
  const auto nulls = Numbers(std::vector<double>(20, NAN));
  const auto some = Normal(20, 0, 1);
  for (const auto& name : MethodNames()) {
    const auto result = RunMethod(name, nulls, some);
    ASSERT_FALSE(result.ok()) << name;
    EXPECT_THAT((std::vector<std::string_view>{"E0211", "E0220"}), Contains(result.error().code)) << name;
  }
  EXPECT_THAT(ErrorOf("scipy/ks_2samp:auto", some, nulls).message, HasSubstr("a sample without values"));
  EXPECT_TRUE(std::isnan(RunMethod("nannyml/jensen_shannon", some, nulls)->statistic)) << "as NannyML has it";
}

TEST(Method, OfNannyMlNeedsTenRowsAndAFiniteReference) {
  const auto few = Normal(9, 0, 1);
  auto infinite = Normal(30, 0, 1);
  infinite.numbers[3] = INFINITY;
  EXPECT_THAT(ErrorOf("nannyml/wasserstein", few, Normal(30, 0, 1)).message, HasSubstr("9 and 30 rows"));
  EXPECT_THAT(ErrorOf("nannyml/wasserstein", infinite, Normal(30, 0, 1)).message, HasSubstr("infinite"));
  EXPECT_TRUE(RunMethod("nannyml/kolmogorov_smirnov", Normal(30, 0, 1), infinite).ok());
}

// scipy states no threshold for a distance: nothing is drifted by it.
TEST(Method, WithoutAThresholdNeverCallsAColumnDrifted) {
  const auto result = RunMethod("scipy/wasserstein_distance", Normal(100, 0, 1), Normal(100, 50, 2));
  ASSERT_TRUE(result.ok());
  EXPECT_TRUE(std::isnan(result->threshold));
  EXPECT_FALSE(result->drifted);
  EXPECT_FALSE(result->p_value.has_value());
}

}  // namespace
}  // namespace retrain::drift
