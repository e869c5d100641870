#include "retrain/drift/domain_classifier.h"

#include <cmath>

#include <gmock/gmock.h>

#include "retrain/base/random.h"
#include "retrain/drift/detector.h"
#include "retrain/testing/table_memory.h"

namespace retrain::drift {
namespace {

using testing::FrameOf;
using ::testing::HasSubstr;

// Two normal columns that are correlated, a category, and nulls in it.
data::FrameColumns Table(std::int64_t rows, std::uint64_t seed, double correlation = 0) {
  Rng rng(seed);
  std::vector<double> x, y;
  std::vector<std::optional<std::string>> word;
  for (std::int64_t row = 0; row < rows; ++row) {
    x.push_back(rng.Normal());
    y.push_back(correlation * x.back() + std::sqrt(1 - correlation * correlation) * rng.Normal());
    word.push_back(rng.Below(20) == 0 ? std::optional<std::string>() : std::string(1, "abc"[rng.Below(3)]));
  }
  const auto frame = FrameOf(rows).Number("x", x).Number("y", y).Text("word", word).Build();
  return {frame.schema(), {frame}};
}

JointDrift Tell(const data::FrameColumns& reference, const data::FrameColumns& current, double threshold) {
  Serial serial;
  std::vector<LeftOut> left_out;
  const auto columns = *Choose(reference.schema(), {}, left_out);
  const auto joint = TellApart(reference, current, columns, {.threshold = threshold}, serial);
  RETRAIN_ALWAYS(joint.ok());
  return *joint;
}

TEST(DomainClassifier, SeesARotatedCorrelationThatNoColumnByItselfShows) {
  const auto before = Table(1'000, 1, 0.8);
  const auto now = Table(1'000, 2, -0.8);
  const auto joint = Tell(before, now, 0.1);
  EXPECT_EQ(joint.outcome, Outcome::kDrifted) << joint.reason;
  EXPECT_NEAR(*joint.area, 0.900, 0.04) << "the best there is: that of x times y, by scipy's ranks of 6,000,000 rows";
  EXPECT_GT(*joint.lower, joint.threshold);
  EXPECT_LT(*joint.p_value, 1e-9);
  Serial serial;
  const auto shared = std::make_shared<data::FrameColumns>(before);
  EXPECT_FALSE(DriftDetector::Make(shared, {}, serial)->Check(now, serial)->drifted) << "each column is as it was";
  const auto report = *DriftDetector::Make(shared, {.method = "domain_classifier"}, serial)->Check(now, serial);
  EXPECT_TRUE(report.drifted);
  EXPECT_EQ(report.joint, joint);
  EXPECT_THAT(report.sentence, HasSubstr("all columns together: drifted, "));
}

// The chance of 28 alarms or more in 200 at a rate of 5 % is below one in a million.
TEST(DomainClassifier, RaisesAFalseAlarmOnAtMostOneCleanPairInTwenty) {
  int alarms = 0;
  double sum = 0;
  for (std::uint64_t pair = 0; pair < 200; ++pair) {
    const auto joint = Tell(Table(60, 1'000 + pair), Table(60, 2'000 + pair), 0);
    alarms += joint.outcome == Outcome::kDrifted ? 1 : 0;
    sum += *joint.area;
  }
  EXPECT_LT(alarms, 28);
  EXPECT_NEAR(sum / 200, 0.5, 0.03) << "the area is not biased to either side";
}

TEST(DomainClassifier, OfEqualLawsIsNoDriftAndStableWhereRowsTell) {
  EXPECT_EQ(Tell(Table(3'000, 1), Table(3'000, 2), 0.1).outcome, Outcome::kStable);
  const auto any = Tell(Table(3'000, 1), Table(3'000, 2), 0);
  EXPECT_EQ(any.outcome, Outcome::kUndecided) << any.reason;
}

TEST(DomainClassifier, IsUndecidedOnAFewRowsAndWithoutColumns) {
  const auto joint = Tell(Table(500, 1), Table(39, 2), 0.1);
  EXPECT_EQ(joint.outcome, Outcome::kUndecided);
  EXPECT_EQ(joint.area, std::nullopt);
  EXPECT_EQ(joint.reason, "500 against 39 rows: 40 of each are the least");
  Serial serial;
  const auto table = Table(50, 1);
  EXPECT_THAT(TellApart(table, table, {}, {}, serial)->reason, HasSubstr("no column"));
}

TEST(DomainClassifier, SurelyTellsTablesWithoutACommonRow) {
  const auto joint = Tell(
      Table(200, 1),
      [] {
        Rng rng(5);
        std::vector<double> x(200);
        for (double& value : x) value = 50 + rng.Normal();
        const auto frame = FrameOf(200)
                               .Number("x", x)
                               .Number("y", x)
                               .Text("word", std::vector<std::optional<std::string>>(200, "new"))
                               .Build();
        return data::FrameColumns(frame.schema(), {frame});
      }(),
      0.1);
  EXPECT_EQ(joint.outcome, Outcome::kDrifted) << joint.reason;
  EXPECT_GT(*joint.area, 0.99);
}

TEST(AreaOfThreshold, IsThatOfANormalShift) {
  EXPECT_EQ(AreaOfThreshold(0), 0.5);
  EXPECT_NEAR(AreaOfThreshold(1), 0.7602499, 1e-6);  // Phi(1 / sqrt(2)), by scipy: one standard deviation
}

}  // namespace
}  // namespace retrain::drift
