#include "retrain/drift/detector.h"

#include <cmath>
#include <functional>
#include <limits>

#include <gtest/gtest.h>

#include "retrain/base/random.h"
#include "retrain/data/number_columns.h"
#include "retrain/testing/table_memory.h"

namespace retrain::drift {
namespace {

using testing::FrameOf;
using testing::kNullNumber;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

using Make = std::function<double(Rng&, std::int64_t row)>;
using MakeWord = std::function<std::optional<std::string>(Rng&, std::int64_t row)>;

data::FrameColumns Numbers(std::int64_t rows, std::uint64_t seed, const Make& make) {
  Rng rng(seed);
  std::vector<double> values;
  for (std::int64_t row = 0; row < rows; ++row) values.push_back(make(rng, row));
  const auto frame = FrameOf(rows).Number("x", values).Build();
  return {frame.schema(), {frame}};
}

data::FrameColumns Words(std::int64_t rows, std::uint64_t seed, const MakeWord& make) {
  Rng rng(seed);
  std::vector<std::optional<std::string>> values;
  for (std::int64_t row = 0; row < rows; ++row) values.push_back(make(rng, row));
  const auto frame = FrameOf(rows).Text("x", values).Build();
  return {frame.schema(), {frame}};
}

DriftReport CheckTable(const data::FrameColumns& reference, const data::FrameColumns& current,
                       const DetectorOptions& options = {}) {
  Serial serial;
  const auto detector = DriftDetector::Make(std::make_shared<data::FrameColumns>(reference), options, serial);
  if (!detector.ok()) Bug(ToText(detector.error()).c_str(), __FILE__, __LINE__);
  auto report = detector->Check(current, serial);
  if (!report.ok()) Bug(ToText(report.error()).c_str(), __FILE__, __LINE__);
  return std::move(report).value();
}

data::FrameColumns TableOf(const data::Frame& frame) { return {frame.schema(), {frame}}; }

ColumnDrift Check(const data::FrameColumns& reference, const data::FrameColumns& current, double threshold = 0.1) {
  const auto report = CheckTable(reference, current, {.compare = {.threshold = threshold}});
  EXPECT_EQ(report.columns.size(), 1U);
  return report.columns.front();
}

double Normal(Rng& rng, std::int64_t) { return rng.Normal(); }
double Null(Rng&, std::int64_t) { return kNullNumber; }
double Seven(Rng&, std::int64_t) { return 7; }
double NormalOrInfinity(Rng& rng, std::int64_t row) { return row % 10 == 0 ? kInfinity : rng.Normal(); }

struct NumbersCase {
  const char* name;
  std::int64_t rows_reference;
  Make reference;
  std::int64_t rows_current;
  Make current;
  Outcome outcome;
  const char* reason;  // a part of it
};

TEST(DriftOutcome, OfNumbersIsStatedForEveryDegenerateTable) {
  const auto shifted = [](Rng& rng, std::int64_t) { return rng.Normal() + 0.8; };
  const auto in_other_units = [](Rng& rng, std::int64_t) { return 1'000 * rng.Normal(); };
  const auto half_null = [](Rng& rng, std::int64_t row) { return row % 2 == 0 ? kNullNumber : rng.Normal(); };
  const auto mostly_seven = [](Rng&, std::int64_t row) { return row % 2'000 == 0 ? 8.0 : 7.0; };
  const NumbersCase cases[] = {
      {"the same law", 5'000, Normal, 5'000, Normal, Outcome::kStable, "no more than 0.1"},
      {"shifted", 5'000, Normal, 5'000, shifted, Outcome::kDrifted, "more than 0.1"},
      {"other units", 5'000, Normal, 300, in_other_units, Outcome::kDrifted, "more than 0.1"},
      {"no current rows", 5'000, Normal, 0, Normal, Outcome::kUndecided, "the current table has no rows"},
      {"one current row", 5'000, Normal, 1, Normal, Outcome::kUndecided, "too few rows: 5,000 against 1"},
      {"one reference row", 1, Normal, 5'000, Normal, Outcome::kUndecided, "only a larger reference"},
      {"constant", 5'000, Seven, 5'000, Seven, Outcome::kStable, "PSI 0,"},
      {"constant, one row now", 5'000, Seven, 1, Seven, Outcome::kUndecided, "somewhere from 0"},
      {"constant no longer", 5'000, Seven, 5'000, Normal, Outcome::kDrifted, "more than 0.1"},
      {"another constant", 5'000, Seven, 5'000, [](Rng&, std::int64_t) { return 8.0; }, Outcome::kDrifted, "0.1"},
      {"nearly constant", 5'000, Seven, 5'000, mostly_seven, Outcome::kStable, "no more than 0.1"},
      {"all null, both", 5'000, Null, 5'000, Null, Outcome::kStable, "no values, in the reference as now"},
      {"all null now", 5'000, Normal, 5'000, Null, Outcome::kDrifted, "nulls went from 0 % to 100 %"},
      {"all null before", 5'000, Null, 5'000, Normal, Outcome::kDrifted, "nulls went from 100 % to 0 %"},
      {"half null now", 5'000, Normal, 5'000, half_null, Outcome::kDrifted, "nulls went from 0 % to 50 %"},
      {"as infinite as before", 5'000, NormalOrInfinity, 5'000, NormalOrInfinity, Outcome::kStable, "no more than"},
      {"infinite now", 5'000, Normal, 5'000, NormalOrInfinity, Outcome::kDrifted, "more than 0.1"},
  };
  for (const auto& c : cases) {
    const auto column = Check(Numbers(c.rows_reference, 1, c.reference), Numbers(c.rows_current, 2, c.current));
    EXPECT_EQ(Name(column.outcome), Name(c.outcome)) << c.name << ": " << column.reason;
    EXPECT_NE(column.reason.find(c.reason), std::string::npos) << c.name << ": " << column.reason;
  }
}

struct WordsCase {
  const char* name;
  std::int64_t rows;
  MakeWord reference;
  MakeWord current;
  Outcome outcome;
  const char* reason;
};

MakeWord OneOf(std::uint64_t categories, std::string prefix = "w") {
  return [=](Rng& rng, std::int64_t) { return prefix + std::to_string(rng.Below(categories)); };
}

TEST(DriftOutcome, OfCategoriesIsStatedForEveryDegenerateTable) {
  const auto name_of_row = [](std::string prefix) {
    return [=](Rng&, std::int64_t row) { return prefix + std::to_string(row); };
  };
  const auto mostly_new = [](Rng& rng, std::int64_t) {
    return rng.Uniform() < 0.3 ? std::string("new") : "w" + std::to_string(rng.Below(4));
  };
  const WordsCase cases[] = {
      {"the same law", 5'000, OneOf(4), OneOf(4), Outcome::kStable, "no more than 0.1"},
      {"a new category", 5'000, OneOf(4), mostly_new, Outcome::kDrifted, "more than 0.1"},
      {"a category gone", 5'000, OneOf(4), OneOf(2), Outcome::kDrifted, "more than 0.1"},
      {"10,000 categories", 50'000, OneOf(10'000), OneOf(10'000), Outcome::kStable, "no more than 0.1"},
      {"10,000 others", 50'000, OneOf(10'000), OneOf(10'000, "v"), Outcome::kDrifted, "more than 0.1"},
      {"few rows of 10,000", 500, OneOf(10'000), OneOf(10'000), Outcome::kUndecided, ""},
      {"names of rows", 5'000, name_of_row("a"), name_of_row("b"), Outcome::kUndecided, "no category occurs often"},
      {"one category", 5'000, OneOf(1), OneOf(1), Outcome::kStable, "PSI 0,"},
      {"another one", 5'000, OneOf(1), OneOf(1, "v"), Outcome::kDrifted, "more than 0.1"},
      {"no words", 5'000, [](Rng&, std::int64_t) { return std::nullopt; },
       [](Rng&, std::int64_t) { return std::nullopt; }, Outcome::kStable, "no values"},
  };
  for (const auto& c : cases) {
    const auto column = Check(Words(c.rows, 1, c.reference), Words(c.rows, 2, c.current));
    EXPECT_EQ(Name(column.outcome), Name(c.outcome)) << c.name << ": " << column.reason;
    EXPECT_NE(column.reason.find(c.reason), std::string::npos) << c.name << ": " << column.reason;
  }
}

TEST(DriftOutcome, OfAColumnThatIsMissingOrOfAnotherTypeIsFailed) {
  const auto reference = FrameOf(2).Number("a", {1, 2}).Text("b", {"x", "y"}).Time("t", {1, 2}).Build();
  const auto current = FrameOf(2).Text("a", {"1", "2"}).Text("bb", {"x", "y"}).Time("t", {3, 4}).Build();
  const auto report = CheckTable(TableOf(reference), TableOf(current));
  EXPECT_FALSE(report.drifted);
  EXPECT_EQ(report.sentence, "none of 0 columns drifted; 2 could not be compared");
  ASSERT_NE(report.Find("a"), nullptr);
  EXPECT_EQ(report.Find("a")->outcome, Outcome::kFailed);
  EXPECT_EQ(report.Find("a")->reason, "it was number and is now text");
  EXPECT_EQ(report.Find("b")->reason, "column `b` is not in the current table (3 columns)");
  ASSERT_EQ(report.left_out.size(), 2U);
  EXPECT_EQ(report.left_out[0].name, "t");
  EXPECT_EQ(report.left_out[1].name, "bb");
}

TEST(DriftOutcome, UndecidedSaysHowManyRowsWouldTell) {
  const auto column = Check(Numbers(5'000, 1, Normal), Numbers(60, 2, Normal));
  ASSERT_EQ(column.outcome, Outcome::kUndecided) << column.reason;
  ASSERT_TRUE(column.rows_to_decide);
  EXPECT_GT(*column.rows_to_decide, 60);
  EXPECT_EQ(Check(Numbers(5'000, 1, Normal), Numbers(4 * *column.rows_to_decide, 2, Normal)).outcome, Outcome::kStable);
}

TEST(DriftOutcome, WithThresholdZeroIsNeverStable) {
  const auto same = Check(Numbers(5'000, 1, Normal), Numbers(5'000, 2, Normal), 0);
  EXPECT_EQ(same.outcome, Outcome::kUndecided);
  EXPECT_NE(same.reason.find("no difference was found"), std::string::npos) << same.reason;
  const auto shifted = [](Rng& rng, std::int64_t) { return rng.Normal() + 0.15; };
  EXPECT_EQ(Check(Numbers(5'000, 1, Normal), Numbers(5'000, 2, shifted), 0).outcome, Outcome::kDrifted);
}

TEST(DriftReport, RanksDriftedColumnsByEffect) {
  Rng rng(3);
  const std::int64_t rows = 4'000;
  std::vector<double> values[3];
  for (std::int64_t row = 0; row < rows; ++row) {
    for (auto& list : values) list.push_back(rng.Normal());
  }
  const auto reference = FrameOf(rows).Number("a", values[0]).Number("b", values[1]).Number("c", values[2]).Build();
  for (double& value : values[1]) value += 1.5;
  for (double& value : values[2]) value += 0.7;
  const auto current = FrameOf(rows).Number("a", values[0]).Number("b", values[1]).Number("c", values[2]).Build();
  const auto report = CheckTable(TableOf(reference), TableOf(current));
  EXPECT_EQ(report.sentence, "2 of 3 columns drifted: b, c") << report.Find("a")->reason;
  EXPECT_NEAR(report.drifted_share, 2.0 / 3, 1e-12);
  EXPECT_EQ(report.columns[0].name, "b");
  EXPECT_EQ(report.columns[2].name, "a");
}

TEST(DriftDetector, FullGivesTheSameOutcomesWithTheExactStatisticsBeside) {
  Rng rng(4);
  const std::int64_t rows = 3'000;
  std::vector<double> x;
  std::vector<std::optional<std::string>> w;
  for (std::int64_t row = 0; row < rows; ++row) {
    x.push_back(row % 50 == 0 ? kNullNumber : row % 51 == 0 ? kInfinity : rng.Normal());
    w.push_back("w" + std::to_string(rng.Below(30)));
  }
  const auto reference = FrameOf(rows).Number("x", x).Text("w", w).Build();
  for (double& value : x) value = 0.5 * value + 0.2;
  const auto current = FrameOf(rows).Number("x", x).Text("w", w).Build();
  const auto plain = CheckTable(TableOf(reference), TableOf(current));
  auto full = CheckTable(TableOf(reference), TableOf(current), {.method = "full"});
  const auto statistic = [&](std::string_view column, std::string_view name) {
    for (const auto& found : full.Find(column)->statistics) {
      if (found.name == name) return found.value;
    }
    ADD_FAILURE() << name;
    return 0.0;
  };
  EXPECT_NEAR(statistic("x", "ks"), 0.19, 0.06);  // of normal laws with mean 0.2 and deviation 0.5: 0.19
  EXPECT_LT(statistic("x", "ks_p_value"), 1e-9);
  EXPECT_NEAR(statistic("x", "wasserstein"), 0.41, 0.06);
  EXPECT_GT(statistic("x", "anderson_darling"), 10);
  EXPECT_EQ(statistic("w", "chi_square"), 0);
  EXPECT_EQ(statistic("w", "chi_square_p_value"), 1);
  EXPECT_EQ(statistic("w", "jensen_shannon"), 0);
  for (auto& column : full.columns) column.statistics.clear();
  full.method = "default";
  EXPECT_EQ(full, plain);
}

TEST(DriftDetector, GivesTheSameWithManyThreadsAsWithOne) {
  class Backwards final : public Parallel {
   public:
    int threads() const override { return 3; }
    void For(int parts, const std::function<void(int)>& body) override {
      for (int part = parts; part > 0; --part) body(part - 1);
    }
  };
  FrameOf columns(200);
  Rng rng(5);
  for (int column = 0; column < 7; ++column) {
    std::vector<double> values;
    for (int row = 0; row < 200; ++row) values.push_back(rng.Normal() + 0.1 * column * (row % 2));
    columns.Number("x" + std::to_string(column), values);
  }
  const auto frame = columns.Build();
  const auto table = std::make_shared<data::FrameColumns>(TableOf(frame));
  Backwards backwards;
  std::size_t done = 0;
  const auto detector = DriftDetector::Make(table, {}, backwards, [&](std::size_t finished) { done += finished; });
  ASSERT_TRUE(detector.ok());
  EXPECT_EQ(done, 7U);
  EXPECT_EQ(*detector->Check(*table, backwards), CheckTable(*table, *table));
}

TEST(DriftDetector, FromASavedProfileGivesTheSameReport) {
  const auto reference = Numbers(2'000, 1, Normal);
  const auto current = Numbers(2'000, 2, NormalOrInfinity);
  Serial serial;
  const auto profile = MakeProfile(reference, {}, serial);
  ASSERT_TRUE(profile.ok());
  auto kept = ProfileFromBytes(ProfileToBytes(*profile), "p");
  ASSERT_TRUE(kept.ok());
  const auto detector = DriftDetector::Make(*kept, DetectorOptions{});
  ASSERT_TRUE(detector.ok());
  EXPECT_EQ(*detector->Check(current, serial), CheckTable(reference, current));
  EXPECT_EQ(DriftDetector::Make(*kept, {.method = "full"}).error().code, "E0105");
}

TEST(DriftDetector, GivesAnotherToolsNumberByItsName) {
  const auto before =
      FrameOf(6).Number("x", {1, 2, 3, 4, kNullNumber, 6}).Text("w", {"a", "b", "a", {}, "a", "b"}).Build();
  const auto now = FrameOf(6).Number("x", {4, 5, 6, 7, 8, 9}).Text("w", {"b", "b", "b", "a", "b", "b"}).Build();
  const auto report = CheckTable(TableOf(before), TableOf(now), {.method = "scipy/ks_2samp:auto"});
  EXPECT_EQ(report.method, "scipy/ks_2samp:auto");
  ASSERT_EQ(report.columns.size(), 1U);
  EXPECT_NEAR(report.columns[0].statistic.value_or(0), 19.0 / 30, 1e-12);  // four of five are below 5, one of six is
  EXPECT_TRUE(report.columns[0].p_value);
  EXPECT_FALSE(report.columns[0].effect);
  EXPECT_NEAR(report.columns[0].nulls.reference_share, 1.0 / 6, 1e-12);
  ASSERT_EQ(report.left_out.size(), 1U) << "a test of numbers says that it does not take words";
  EXPECT_EQ(report.left_out[0].name, "w");
}

TEST(DriftDetector, RefusesWhatItCannotDo) {
  Serial serial;
  const auto table = std::make_shared<data::FrameColumns>(Numbers(10, 1, Normal));
  const auto unknown = DriftDetector::Make(table, {.method = "ful"}, serial);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "E0102");
  EXPECT_EQ(unknown.error().hint, "write `full`");
  EXPECT_EQ(DriftDetector::Make(table, {.compare = {.threshold = -1}}, serial).error().code, "E0102");
  const auto empty = std::make_shared<data::FrameColumns>(Numbers(0, 1, Normal));
  EXPECT_EQ(DriftDetector::Make(empty, {.method = "full"}, serial).error().code, "E0214");
}

TEST(DriftChoice, NamesNumbersAsCategoriesAndColumnsByNearName) {
  const auto reference = FrameOf(2).Number("code", {1, 2}).Number("x", {1, 2}).Build();
  const data::FrameColumns table(reference.schema(), {reference});
  Serial serial;
  const auto profile = MakeProfile(table, {.columns = {"code"}, .categorical = {"code"}}, serial);
  ASSERT_TRUE(profile.ok());
  ASSERT_EQ(profile->columns.size(), 1U);
  EXPECT_EQ(profile->columns[0].kind, ColumnKind::kCategorical);
  EXPECT_EQ(profile->columns[0].tally.categories.Of("2"), 1);
  const auto unknown = MakeProfile(table, {.columns = {"kode"}}, serial);
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, "E0203");
  EXPECT_EQ(unknown.error().hint, "write `code`");
}

// The profile of a version: x matters to the model, y does not, and `score` is what it predicts.
Profile OfAModel(const data::Frame& rows) {
  Serial serial;
  auto profile = *MakeProfile(TableOf(rows), {}, serial);
  for (auto& column : profile.columns) column.importance = column.name == "x" ? 0.99 : 0.01;
  auto score = profile.columns[0];
  score.name = "score";
  score.predicted = true;
  score.importance.reset();
  profile.columns.push_back(score);
  return profile;
}

data::Frame TwoNormals(double x_shift, double y_shift, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> x(3'000);
  std::vector<double> y(3'000);
  for (double& value : x) value = rng.Normal() + x_shift;
  for (double& value : y) value = rng.Normal() + y_shift;
  return FrameOf(3'000).Number("x", x).Number("y", y).Build();
}

TEST(DriftDetector, RanksColumnsByEffectTimesImportanceWhereTheReferenceKnowsIt) {
  Serial serial;
  const auto reference = OfAModel(TwoNormals(0, 0, 1));
  const auto now = TableOf(TwoNormals(0.7, 1.5, 2));
  const auto ranked = *DriftDetector::Make(reference, {})->Check(now, serial);
  ASSERT_EQ(ranked.columns.size(), 2U);
  EXPECT_EQ(ranked.columns[0].name, "x");
  EXPECT_EQ(ranked.columns[0].importance, 0.99);
  EXPECT_GT(ranked.columns[1].effect->value, ranked.columns[0].effect->value);
  const auto scored = data::NumberColumns({{"score", std::vector<double>(3'000, 9)}}, &now);
  const auto with_score = *DriftDetector::Make(reference, {})->Check(scored, serial);
  ASSERT_EQ(with_score.columns.size(), 3U);
  EXPECT_EQ(with_score.columns[2].name, "score") << "what it is made from comes first";
  EXPECT_GT(with_score.columns[2].effect->value, with_score.columns[0].effect->value);
  const auto unknown = *MakeProfile(TableOf(TwoNormals(0, 0, 1)), {}, serial);
  EXPECT_EQ(DriftDetector::Make(unknown, {})->Check(now, serial)->columns[0].name, "y");
}

TEST(DriftDetector, LeavesAPredictionOutWhenNobodyMadeIt) {
  Serial serial;
  const auto report =
      *DriftDetector::Make(OfAModel(TwoNormals(0, 0, 1)), {})->Check(TableOf(TwoNormals(0, 0, 2)), serial);
  ASSERT_EQ(report.left_out.size(), 1U);
  EXPECT_EQ(report.left_out[0].name, "score");
  EXPECT_EQ(report.Find("score"), nullptr);
}

}  // namespace
}  // namespace retrain::drift
