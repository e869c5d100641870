#include "retrain/drift/streams/detector.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/drift/streams/adwin.h"

namespace retrain::drift::streams {
namespace {

using ::testing::HasSubstr;

std::unique_ptr<Detector> Make(std::string_view name, const Options& options = {}) {
  auto detector = MakeDetector(name, options);
  EXPECT_TRUE(detector.ok()) << name << ": " << ToText(detector.error());
  return std::move(detector).value();
}

// What every detector promises, whatever its rule.
class Conformance : public ::testing::TestWithParam<DetectorKind> {
 protected:
  std::string_view name() const { return GetParam().name; }

  // A stream whose law changes once, after `calm` values, in a way that every detector can see.
  std::vector<double> Stream(int calm, int changed, std::uint64_t seed) const {
    Rng rng(seed);
    std::vector<double> values;
    for (int i = 0; i < calm + changed; ++i) {
      const bool late = i >= calm;
      values.push_back(GetParam().takes == Takes::kNumbers ? rng.Normal() + (late ? 3 : 0)
                                                           : static_cast<double>(rng.Uniform() < (late ? 0.9 : 0.1)));
    }
    return values;
  }
};

TEST_P(Conformance, FindsALargeChangeAndSoonAfterIt) {
  const auto detector = Make(name());
  const auto values = Stream(1000, 600, 4);
  std::int64_t found = -1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool drift = detector->Update(values[i]).drift;
    if (drift && i >= 1000 && found < 0) found = static_cast<std::int64_t>(i);
  }
  EXPECT_GE(found, 1000);
  EXPECT_LT(found, 1600);
}

TEST_P(Conformance, GivesTheSameOutcomesForTheSameValues) {
  const auto one = Make(name());
  const auto other = Make(name());
  for (const double value : Stream(500, 500, 9)) ASSERT_EQ(one->Update(value), other->Update(value));
  EXPECT_EQ(one->seen(), 1000);
}

TEST_P(Conformance, ForgetsAllWithTheValueAfterADrift) {
  const auto detector = Make(name());
  const auto values = Stream(700, 700, 21);
  std::size_t i = 0;
  while (i < values.size() && !detector->Update(values[i]).drift) ++i;
  ASSERT_LT(i, values.size());
  const auto fresh = Make(name());
  for (std::size_t later = i + 1; later < values.size(); ++later) {
    ASSERT_EQ(detector->Update(values[later]), fresh->Update(values[later])) << later;
  }
}

TEST_P(Conformance, RefusesWhatItDoesNotTakeAndGoesOnAsIfItHadNotCome) {
  const auto detector = Make(name());
  const auto untouched = Make(name());
  const double infinity = std::numeric_limits<double>::infinity();
  for (const double value : Stream(300, 300, 2)) {
    for (const double bad : {std::nan(""), infinity, -infinity}) {
      const auto refused = Feed(*detector, name(), bad);
      ASSERT_FALSE(refused.ok());
      ASSERT_EQ(refused.error().code, "E0205");
      ASSERT_EQ(refused.error().where.row, detector->seen());
    }
    ASSERT_EQ(*Feed(*detector, name(), value), untouched->Update(value));
  }
  EXPECT_EQ(Feed(*detector, name(), 1.5).ok(), GetParam().takes == Takes::kNumbers);
}

TEST_P(Conformance, StatesItsOptionsAndHoldsToTheirRanges) {
  const auto options = OptionsOf(name());
  ASSERT_FALSE(options.empty());
  for (const auto& option : options) {
    EXPECT_TRUE(option.usual >= option.least && option.usual <= option.most) << option.name;
    const std::string key(option.name);
    EXPECT_TRUE(MakeDetector(name(), {{key, option.usual}}).ok()) << key;
    for (const double bad : {option.least - 1, option.most * 2 + 1, std::nan("")}) {
      const auto refused = MakeDetector(name(), {{key, bad}});
      ASSERT_FALSE(refused.ok()) << key << " " << bad;
      EXPECT_EQ(refused.error().code, "E0102");
      EXPECT_EQ(refused.error().where.key, key);
    }
    EXPECT_FALSE(option.whole && MakeDetector(name(), {{key, option.usual + 0.5}}).ok()) << key;
  }
  const auto unknown = MakeDetector(name(), {{std::string(options.front().name) + "x", 1}});
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().hint, "write `" + std::string(options.front().name) + "`");
}

INSTANTIATE_TEST_SUITE_P(Streams, Conformance, ::testing::ValuesIn(DetectorKinds()),
                         [](const auto& kind) { return std::string(kind.param.name); });

TEST(MakeDetector, KnowsNoOtherNames) {
  const auto slip = MakeDetector("adwinn");
  ASSERT_FALSE(slip.ok());
  EXPECT_EQ(slip.error().code, "E0107");
  EXPECT_EQ(slip.error().hint, "write `adwin`");
  EXPECT_THAT(MakeDetector("").error().hint, HasSubstr("e_detector"));
}

TEST(MakeDetector, RefusesOptionsThatContradictEachOther) {
  EXPECT_EQ(MakeDetector("kswin", {{"stat_size", 60}}).error().code, "E0105");
  EXPECT_EQ(MakeDetector("eddm", {{"alpha", 0.5}}).error().code, "E0105");
}

TEST(Adwin, KeepsTheMeanOfWhatIsInItsWindowAndLittleMemory) {
  Adwin adwin({});
  Rng rng(3);
  double sum = 0;
  for (int i = 0; i < 20000; ++i) {
    const double value = rng.Uniform();
    sum += value;
    ASSERT_FALSE(adwin.Update(value).drift);
  }
  EXPECT_EQ(adwin.width(), 20000);
  EXPECT_NEAR(adwin.mean(), sum / 20000, 1e-12);
}

}  // namespace
}  // namespace retrain::drift::streams
