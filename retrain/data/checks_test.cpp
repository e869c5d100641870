#include "retrain/data/checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/data/arrow/write_parquet.h"
#include "retrain/data/repeats.h"
#include "retrain/testing/sim_disk.h"
#include "retrain/testing/table_memory.h"

namespace retrain::data {
namespace {

using ::testing::ElementsAre;
using testing::FrameOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::kNullNumber;

// A thousand rows with an honest feature of each type. Row r of any two tables differs unless `shift` is the same.
FrameOf Honest(int rows, int shift = 0) {
  std::vector<double> x, n, y;
  std::vector<std::optional<std::string>> w;
  for (int row = 0; row < rows; ++row) {
    x.push_back(shift + row + 0.25);
    n.push_back(row % 7);
    w.push_back("w" + std::to_string(row % 5));
    y.push_back(row % 3 == 0 ? 1 : 0);
  }
  return FrameOf(rows).Number("x", x).Integer("n", n).Text("w", w).Integer("y", y);
}

std::vector<double> Repeated(int rows, double value) {
  return std::vector<double>(static_cast<std::size_t>(rows), value);
}

class Checks : public ::testing::Test {
 protected:
  void Put(const std::string& path, const Frame& frame) { ASSERT_TRUE(WriteParquet(disk_, path, {frame}).ok()); }

  TrainingCheck Check(std::vector<FileRange> training, std::vector<FileRange> validation = {}) {
    return {.roles = {.target = "y",
                      .features = {{"x", ColumnType::kNumber}, {"n", ColumnType::kInteger}, {"w", ColumnType::kText}}},
            .labels = {.task = Task::kBinary, .classes = {"0", "1"}},
            .training = std::move(training),
            .validation = std::move(validation)};
  }

  Error Fault(const TrainingCheck& check) {
    const auto report = CheckTraining(disk_, check);
    return report.ok() ? Error{} : report.error();
  }

  testing::SimDisk disk_;
};

TEST_F(Checks, HonestDataPassAndAreCounted) {
  Put("jan", Honest(900).Build());
  Put("val", Honest(60, 10'000).Number("spare", Repeated(60, 1)).Build());
  const auto report = CheckTraining(disk_, Check({{"jan", 0, 600}, {"jan", 600, -1}}, {{"val"}}));
  ASSERT_TRUE(report.ok()) << ToText(report.error());
  EXPECT_EQ(report->rows, 900);
  EXPECT_EQ(report->validation_rows, 60);
  EXPECT_THAT(report->class_rows, ElementsAre(600, 300));
  EXPECT_THAT(report->notes, ElementsAre("columns that take no part: spare"));
}

TEST_F(Checks, ColumnsAreHeldAgainstTheRolesAllFaultsAtOnce) {
  Put("jan", FrameOf(2).Number("x_", {1, 2}).Text("n", {"a", "b"}).Text("w", {"a", "b"}).Integer("y", {0, 1}).Build());
  const auto types = Fault(Check({{"jan"}}));
  EXPECT_EQ(types.code, "E0204");
  EXPECT_EQ(types.message, "column `n` of jan is text, it was integer");
  Put("feb", FrameOf(2).Number("x_", {1, 2}).Integer("n", {1, 2}).Text("w", {"a", "b"}).Build());
  const auto missing = Fault(Check({{"feb"}}));
  EXPECT_EQ(missing.code, "E0203");
  EXPECT_EQ(missing.hint, "write `x_`");
  EXPECT_EQ(missing.where.file, "feb");
  ASSERT_EQ(missing.more.size(), 1u);
  EXPECT_THAT(missing.more[0].message, HasSubstr("column `y` is not in feb"));
}

TEST_F(Checks, EachUseAsksForItsOwnRoles) {
  const Schema features{.fields = {{"x"}, {"n", ColumnType::kNumber}, {"w", ColumnType::kText}}};
  auto roles = Check({}).roles;
  roles.time = "at";
  EXPECT_TRUE(CheckSchema(features, roles, "f", Use::kPrediction).ok());
  EXPECT_THAT(CheckSchema(features, roles, "f", Use::kValidation).error().message, HasSubstr("`y`"));
  auto labelled = features;
  labelled.fields.push_back({"y"});
  EXPECT_TRUE(CheckSchema(labelled, roles, "f", Use::kValidation).ok());
  EXPECT_THAT(CheckSchema(labelled, roles, "f", Use::kTraining).error().message, HasSubstr("`at`"));
}

TEST_F(Checks, AnIntegerMayComeAsNumberButNotWithAFraction) {
  Put("jan", FrameOf(3)
                 .Number("x", {1, 2, 3})
                 .Number("n", {1, 2, kNullNumber})
                 .Text("w", {"a", "b", "c"})
                 .Integer("y", {0, 1, 1})
                 .Build());
  EXPECT_EQ(Fault(Check({{"jan"}})).code, "");
  Put("feb", FrameOf(3)
                 .Number("x", {1, 2, 3})
                 .Number("n", {1, 2.5, 0.1})
                 .Text("w", {"a", "b", "c"})
                 .Integer("y", {0, 1, 1})
                 .Build());
  const auto fraction = Fault(Check({{"jan"}, {"feb"}}));
  EXPECT_EQ(fraction.code, "E0204");
  EXPECT_EQ(fraction.message, "column `n` was integer and holds 2.5 in row 1 of feb (and in 1 more rows)");
}

TEST_F(Checks, BadLabelsAreNamedWithFileAndRowOfTheRangeThatIsRead) {
  auto frame = [&](std::vector<double> y) {
    return FrameOf(4)
        .Number("x", {1, 2, 3, 4})
        .Integer("n", {1, 2, 2, 1})
        .Text("w", {"a", "b", "c", "a"})
        .Integer("y", std::move(y))
        .Build();
  };
  Put("jan", frame({0, 1, 0, 1}));
  Put("feb", frame({kNullNumber, 1, kNullNumber, 7}));
  const auto error = Fault(Check({{"jan"}, {"feb", 1, 4}}));
  EXPECT_EQ(error.code, "E0205");
  EXPECT_EQ(error.message, "label `y` is null in row 2 of feb");
  EXPECT_EQ(error.where, (Place{.file = "feb", .key = "y", .row = 2}));
  ASSERT_EQ(error.more.size(), 1u);
  EXPECT_EQ(error.more[0].code, "E0213");
  EXPECT_EQ(error.more[0].where.row, 3);
}

TEST_F(Checks, FilesAreCalledByTheNameTheyArrivedUnder) {
  Put("kept3f9a",
      FrameOf(2).Number("x", {1, 2}).Integer("n", {1, 2}).Text("w", {"a", "b"}).Integer("y", {0, kNullNumber}).Build());
  auto check = Check({{"kept3f9a"}});
  check.names = {{"kept3f9a", "new/feb.parquet"}};
  const auto error = Fault(check);
  EXPECT_EQ(error.message, "label `y` is null in row 1 of new/feb.parquet");
  EXPECT_EQ(error.where.file, "new/feb.parquet");
}

TEST_F(Checks, AConstantTargetIsRefused) {
  Put("jan", FrameOf(3)
                 .Number("x", {1, 2, 3})
                 .Integer("n", {1, 2, 2})
                 .Text("w", {"a", "b", "c"})
                 .Integer("y", {1, 1, 1})
                 .Build());
  const auto error = Fault(Check({{"jan"}}));
  EXPECT_EQ(error.code, "E0206");
  EXPECT_EQ(error.message, "target `y` is 1 in all 3 training rows");
  auto regression = Check({{"jan"}});
  regression.labels = {.task = Task::kRegression};
  EXPECT_EQ(Fault(regression).code, "E0206");
  EXPECT_EQ(Fault(Check({{"jan", 0, 0}})).code, "E0214");
}

TEST_F(Checks, AFeatureThatIsTheTargetIsRefused) {
  std::vector<double> y;
  std::vector<std::optional<std::string>> names;
  for (int row = 0; row < 900; ++row) {
    y.push_back(row % 3 == 0 ? 1 : 0);
    names.push_back(row % 3 == 0 ? "late" : "on time");
  }
  Put("jan", Honest(900).Integer("copy", y).Text("status", names).Build());
  auto check = Check({{"jan"}});
  check.roles.features.push_back({"copy", ColumnType::kInteger});
  check.roles.features.push_back({"status", ColumnType::kText});
  const auto error = Fault(check);
  EXPECT_EQ(error.code, "E0207");
  EXPECT_EQ(error.message, "feature `copy` equals target `y` in all 900 rows");
  EXPECT_EQ(error.hint, "data_config.exclude: [copy]");
  ASSERT_EQ(error.more.size(), 1u);
  EXPECT_EQ(error.more[0].message, "feature `status` is target `y` under other names (on time for 0, late for 1)");
}

TEST_F(Checks, OneRowThatDiffersAcquitsAFeature) {
  std::vector<double> y;
  std::vector<std::optional<std::string>> names;
  for (int row = 0; row < 900; ++row) {
    y.push_back(row % 3 == 0 ? 1 : 0);
    names.push_back(row % 3 == 0 && row != 600 ? "late" : "on time");
  }
  y[899] = 0.5;
  Put("jan", Honest(900).Number("copy", y).Text("status", names).Build());
  auto check = Check({{"jan"}});
  check.roles.features.push_back({"copy", ColumnType::kNumber});
  check.roles.features.push_back({"status", ColumnType::kText});
  EXPECT_EQ(Fault(check).code, "");
}

TEST_F(Checks, WeightsAreFiniteAndNotNegative) {
  const auto with_weights = [](std::vector<double> weights) {
    return FrameOf(3)
        .Number("x", {1, 2, 3})
        .Integer("n", {1, 2, 2})
        .Text("w", {"a", "b", "c"})
        .Integer("y", {0, 1, 0})
        .Number("weight", std::move(weights))
        .Build();
  };
  auto check = Check({{"jan"}});
  check.roles.weight = "weight";
  Put("jan", with_weights({1, 0, 2}));
  EXPECT_EQ(Fault(check).code, "");
  Put("jan", with_weights({1, -1, kNullNumber}));
  EXPECT_EQ(Fault(check).message, "weight `weight` is -1 in row 1 of jan (and in 1 more rows)");
  Put("jan", with_weights({0, 0, 0}));
  EXPECT_EQ(Fault(check).code, "E0215");
}

TEST_F(Checks, AValidationRowThatIsTrainedOnIsFoundInWhateverFormatItComes) {
  Put("jan", Honest(900).Build());
  auto text = std::string("y,w,n,x\n");
  for (int row = 0; row < 50; ++row) text += "0,w9,1," + std::to_string(row) + ".5\n";
  text += "0,w2,3,17.25\n";  // row 17 of jan
  ASSERT_TRUE(WriteFileDurably(disk_, "val.csv", text).ok());
  const auto error = Fault(Check({{"jan"}}, {{"val.csv"}}));
  EXPECT_EQ(error.code, "E0208");
  EXPECT_EQ(error.message, "1 of 51 validation rows also stand in the training rows; the first is row 17 of jan");
  EXPECT_EQ(Fault(Check({{"jan"}}, {{"val.csv", 0, 50}})).code, "");
}

TEST_F(Checks, RowsOfFewValuesMayRecurByChance) {
  const auto coarse = [](int rows, int start) {
    std::vector<double> x, n, y;
    std::vector<std::optional<std::string>> w;
    for (int row = start; row < start + rows; ++row) {
      x.push_back(row * 7919 % 13), n.push_back(row % 3), w.push_back(row % 2 ? "a" : "b"),
          y.push_back(row * 31 % 5 == 0);
    }
    return FrameOf(rows).Number("x", x).Integer("n", n).Text("w", w).Integer("y", y).Build();
  };
  Put("jan", coarse(2000, 0));
  Put("val", coarse(200, 2000));
  const auto report = CheckTraining(disk_, Check({{"jan"}}, {{"val"}}));
  ASSERT_TRUE(report.ok()) << ToText(report.error());
  EXPECT_THAT(report->notes, ElementsAre(HasSubstr("no more than the rows repeat among themselves")));
}

TEST_F(Checks, RowsOutOfTimeOrderAreANote) {
  const auto frame = FrameOf(3)
                         .Number("x", {1, 2, 3})
                         .Integer("n", {1, 2, 2})
                         .Text("w", {"a", "b", "c"})
                         .Integer("y", {0, 1, 0})
                         .Time("at", {10, 30, 20})
                         .Build();
  Put("jan", frame);
  auto check = Check({{"jan"}});
  check.roles.time = "at";
  const auto report = CheckTraining(disk_, check);
  ASSERT_TRUE(report.ok()) << ToText(report.error());
  EXPECT_THAT(report->notes, ElementsAre(HasSubstr("row 2 of jan is older than the one before")));
  check.training = {{"jan", 0, 2}};
  EXPECT_THAT(CheckTraining(disk_, check)->notes, IsEmpty());
}

TEST(RowHash, DoesNotDependOnCodesButOnEveryValue) {
  const std::vector<std::string> columns = {"x", "w"};
  const auto a = HashRows(FrameOf(3).Number("x", {1, 0.0, kNullNumber}).Text("w", {"a", "b", {}}).Build(), columns);
  const auto b = HashRows(FrameOf(3).Text("w", {{}, "b", "a"}).Number("x", {kNullNumber, -0.0, 1}).Build(), columns);
  EXPECT_EQ(a[0], b[2]);
  EXPECT_EQ(a[1], b[1]);
  EXPECT_EQ(a[2], b[0]);
  const auto c = HashRows(FrameOf(3).Number("x", {1, 0, kNullNumber}).Text("w", {"b", {}, "a"}).Build(), columns);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(a[i], c[i]);
}

TEST(Repeats, CountsRepeatsOfManyRowsOnASample) {
  Repeats repeats;
  HashSet64 distinct;
  std::vector<std::uint64_t> validation;
  std::uint64_t state = 1;
  const auto next = [&state] {
    return state = state * 6364136223846793005u + 1442695040888963407u, state ^ (state >> 29);
  };
  for (int i = 0; i < 1000; ++i) validation.push_back(next());
  repeats.SeeValidation(validation);
  for (int i = 0; i < 3'000'000; ++i) {
    const auto row = next();
    EXPECT_FALSE(repeats.SeeTraining(row));
    if (i % 10 == 0) repeats.SeeTraining(row);  // 300,000 repeats in 3,300,000 rows
  }
  const double expected = 2 * 300'000.0 * 1000 / 3'300'000;
  EXPECT_NEAR(repeats.explained(), expected + 3 * std::sqrt(expected), 5);
  EXPECT_TRUE(repeats.SeeTraining(validation[5]));
  EXPECT_FALSE(repeats.SeeTraining(validation[5]));
  EXPECT_EQ(repeats.found(), 1);
}

}  // namespace
}  // namespace retrain::data
