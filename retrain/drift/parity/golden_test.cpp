#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/base/json.h"
#include "retrain/data/files.h"
#include "retrain/drift/parity/columns.h"
#include "retrain/drift/parity/nannyml.h"
#include "retrain/stats/counts.h"
#include "retrain/stats/divergences.h"
#include "retrain/testing/sim_disk.h"

// Every row of tests/golden/drift/drift.json: what scipy, Evidently and NannyML themselves say of the columns in
// drift.parquet. tests/golden/drift/README.md tells how both were made.
namespace retrain::drift::parity {
namespace {

const std::string kFolder = std::string(RETRAIN_SOURCE_DIR) + "/tests/golden/drift/";

std::string Read(const std::string& name) {
  std::ifstream file(kFolder + name, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  EXPECT_FALSE(bytes.str().empty()) << name;
  return bytes.str();
}

// The table, as columns by case, side and name.
class Columns {
 public:
  explicit Columns(const std::string& bytes) {
    testing::SimDisk disk;
    EXPECT_TRUE(WriteFileDurably(disk, "drift.parquet", bytes).ok());
    auto source = data::OpenFile(disk, "drift.parquet");
    EXPECT_TRUE(source.ok());
    while (source.ok()) {
      const auto frame = source.value()->Next();
      if (!frame.ok() || !*frame) break;
      Add(**frame);
    }
  }

  const ColumnSample& Get(const std::string& of_case, const std::string& side, const std::string& column) {
    const auto found = samples_.find(of_case + "/" + side + "/" + column);
    EXPECT_NE(found, samples_.end()) << of_case << " " << side << " " << column;
    return found->second;
  }

 private:
  void Add(const data::Frame& frame) {
    const data::Column& cases = *frame.Find("case");
    const data::Column& sides = *frame.Find("side");
    for (std::size_t c = 0; c < frame.schema().fields.size(); ++c) {
      const data::Field& field = frame.schema().fields[c];
      const data::Column& column = frame.column(c);
      const bool text = field.type == data::ColumnType::kText;
      for (std::int64_t row = 0; row < frame.rows(); ++row) {
        const auto of_case = cases.levels[cases.codes[row]];
        const auto side = sides.levels[sides.codes[row]];
        ColumnSample& sample = samples_[std::string(of_case) + "/" + std::string(side) + "/" + field.name];
        sample.kind = text ? ColumnKind::kCategorical : ColumnKind::kNumeric;
        sample.integers = field.type == data::ColumnType::kInteger;
        if (text) {
          sample.codes.push_back(column.codes[row] < 0 ? -1 : Level(sample, column.levels[column.codes[row]]));
        } else {
          sample.numbers.push_back(column.numbers[row]);
        }
      }
    }
  }

  static std::int32_t Level(ColumnSample& sample, std::string_view level) {
    const auto found = std::find(sample.levels.begin(), sample.levels.end(), level);
    if (found != sample.levels.end()) return static_cast<std::int32_t>(found - sample.levels.begin());
    sample.levels.emplace_back(level);
    return static_cast<std::int32_t>(sample.levels.size() - 1);
  }

  std::map<std::string, ColumnSample> samples_;
};

// A number of the file; what is not finite stands there as text.
double NumberOf(const Json& json) {
  if (!json.is_string()) return json.AsDouble();
  return json.AsString() == "nan" ? NAN : json.AsString() == "inf" ? INFINITY : -INFINITY;
}

constexpr double kStatistic = 1e-9;  // relative, as the file's notes ask
void ExpectClose(double ours, const Json& theirs, const std::string& what, double relative = kStatistic) {
  const double number = NumberOf(theirs);
  if (!std::isfinite(number)) {
    EXPECT_EQ(std::isnan(ours), std::isnan(number)) << what << ": " << ours;
    EXPECT_TRUE(std::isnan(number) || ours == number) << what << ": " << ours;
    return;
  }
  EXPECT_NEAR(ours, number, relative * std::fabs(number) + 1e-12) << what;
}

// Relative 1e-6 above 1e-12, below that the logarithm within 1e-4; a p-value that is 0 there is tiny here.
void ExpectClosePValue(double ours, const Json& theirs, const std::string& what) {
  const double number = NumberOf(theirs);
  if (std::isnan(number) || number > 1e-12) return ExpectClose(ours, theirs, what, 1e-6);
  if (number == 0) {
    EXPECT_LT(ours, 1e-15) << what;
  } else {
    EXPECT_NEAR(std::log(ours), std::log(number), 1e-4) << what;
  }
}

class Golden : public ::testing::Test {
 protected:
  Golden() {
    auto parsed = ParseJson(Read("drift.json"), "drift.json");
    EXPECT_TRUE(parsed.ok());
    if (parsed.ok()) json_ = std::move(parsed).value();
  }

  std::vector<const Json*> Rows(const std::string& peer) const {
    std::vector<const Json*> rows;
    for (const auto& row : json_["results"].items()) {
      if (row["peer"].AsString() == peer) rows.push_back(&row);
    }
    return rows;
  }
  std::string Name(const Json& row) const { return row["peer"].AsString() + "/" + row["test"].AsString(); }
  std::string What(const Json& row) const {
    return Name(row) + " of " + row["case"].AsString() + " " + row["column"].AsString();
  }
  const ColumnSample& Sample(const Json& row, const std::string& side) {
    return columns_.Get(row["case"].AsString(), side, row["column"].AsString());
  }
  Result<MethodResult> Run(const Json& row) {
    return RunMethod(Name(row), Sample(row, "reference"), Sample(row, "current"));
  }

  // An error of theirs is one of ours. True when the row is dealt with.
  bool IsError(const Json& row, const Result<MethodResult>& ours) {
    if (row.Has("error")) {
      EXPECT_FALSE(ours.ok()) << What(row) << ": they say " << row["error"].AsString();
      EXPECT_EQ(ours.ok() ? "" : ours.error().code, "E0220") << What(row);
      return true;
    }
    EXPECT_TRUE(ours.ok()) << What(row) << ": " << (ours.ok() ? "" : ToText(ours.error()));
    return !ours.ok();
  }

  Json json_;
  Columns columns_{Read("drift.parquet")};
};

TEST_F(Golden, AllRowsOfScipyAgree) {
  const auto rows = Rows("scipy");
  EXPECT_EQ(rows.size(), 276U);
  for (const Json* row : rows) {
    const auto ours = Run(*row);
    if (IsError(*row, ours)) continue;
    ExpectClose(ours->statistic, (*row)["statistic"], What(*row));
    EXPECT_EQ(ours->p_value.has_value(), row->Has("pvalue")) << What(*row);
    if (row->Has("pvalue")) ExpectClosePValue(ours->p_value.value_or(-1), (*row)["pvalue"], What(*row) + ", p-value");
    if (row->Has("dof")) {
      const auto table = Count(Sample(*row, "reference"), Sample(*row, "current"));
      EXPECT_EQ(stats::ChiSquare(table.reference, table.current).degrees, (*row)["dof"].AsInt()) << What(*row);
    }
  }
}

TEST_F(Golden, AllRowsOfEvidentlyAgree) {
  constexpr double kExchanges = 0.06;  // between two seeds of a share of 1,000 draws
  const auto rows = Rows("evidently");
  EXPECT_EQ(rows.size(), 316U);
  for (const Json* row : rows) {
    const auto ours = Run(*row);
    if (IsError(*row, ours)) continue;
    const double theirs = NumberOf((*row)["score"]);
    EXPECT_EQ(ours->threshold, (*row)["threshold"].AsDouble()) << What(*row);
    if ((*row)["test"].AsString() == "TVD") {
      EXPECT_NEAR(ours->statistic, theirs, kExchanges) << What(*row);
      const auto table = Count(Sample(*row, "reference"), Sample(*row, "current"));
      ExpectClose(stats::TotalVariation(Shares(table.reference), Shares(table.current)), (*row)["observed_tvd"],
                  What(*row));
      if (std::fabs(theirs - ours->threshold) < kExchanges) continue;
    } else if (ours->p_value) {
      ExpectClosePValue(*ours->p_value, (*row)["score"], What(*row));
    } else {
      ExpectClose(ours->statistic, (*row)["score"], What(*row));
    }
    EXPECT_EQ(ours->drifted, (*row)["drifted"].AsBool()) << What(*row);
  }
}

void ExpectChunks(const std::vector<double>& ours, const std::vector<bool>& alarms, const Json& row,
                  const std::string& period, const std::string& what) {
  const auto& theirs = row[period + "_chunks"].items();
  ASSERT_EQ(ours.size(), theirs.size()) << what << ", " << period;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ExpectClose(ours[i], theirs[i], what + ", " + period + " chunk " + std::to_string(i));
    EXPECT_EQ(alarms[i], row[period + "_alerts"].items()[i].AsBool()) << what << ", " << period << " alert " << i;
  }
}

TEST_F(Golden, AllRowsOfNannyMlAgreeInEveryChunkAndAlarm) {
  const auto rows = Rows("nannyml");
  EXPECT_EQ(rows.size(), 112U);
  std::size_t chunks = 0;
  for (const Json* row : rows) {
    ASSERT_FALSE(row->Has("error"));
    const std::string what = What(*row);
    const auto ours = RunNannyMl((*row)["test"].AsString(), Sample(*row, "reference"), Sample(*row, "current"));
    ASSERT_TRUE(ours.ok()) << what << ": " << ToText(ours.error());
    ExpectClose(ours->whole, (*row)["whole"], what);
    EXPECT_EQ(ours->threshold.has_value(), !(*row)["upper_threshold"].is_null()) << what;
    if (ours->threshold) ExpectClose(*ours->threshold, (*row)["upper_threshold"], what + ", threshold");
    if (row->Has("whole_pvalue")) ExpectClosePValue(ours->p_value.value_or(-1), (*row)["whole_pvalue"], what);
    ExpectChunks(ours->reference_chunks, ours->reference_alarms, *row, "reference", what);
    ExpectChunks(ours->current_chunks, ours->current_alarms, *row, "analysis", what);
    chunks += ours->reference_chunks.size() + ours->current_chunks.size();
    const auto by_name = Run(*row);
    ASSERT_TRUE(by_name.ok()) << what;
    ExpectClose(by_name->statistic, (*row)["whole"], what);
    EXPECT_EQ(by_name->drifted, ours->alarm) << what;
  }
  EXPECT_GT(chunks, 112U * 20);
}

// 704 rows, none of another tool: the three tests above see all there are.
TEST_F(Golden, NoRowIsLeftOut) {
  EXPECT_EQ(json_["results"].items().size(), 704U);
  EXPECT_EQ(Rows("scipy").size() + Rows("evidently").size() + Rows("nannyml").size(), 704U);
}

}  // namespace
}  // namespace retrain::drift::parity
