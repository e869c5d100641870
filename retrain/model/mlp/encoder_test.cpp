#include "retrain/model/mlp/encoder.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <gtest/gtest.h>

#include "retrain/data/frame_builder.h"
#include "retrain/model/mlp/encoder_fit.h"

namespace retrain::model::mlp {
namespace {

using data::ColumnType;
constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

Contract ContractOf(std::vector<data::Field> features, std::vector<std::string> categorical = {}) {
  Contract contract;
  contract.labels = {.task = data::Task::kBinary, .classes = {"0", "1"}};
  contract.roles.target = "y";
  contract.roles.features = std::move(features);
  contract.roles.categorical = std::move(categorical);
  return contract;
}

Encoder FitOn(const Contract& contract, const data::Frame& rows, int most_direct_levels = 9) {
  EncoderFit fit(contract, most_direct_levels);
  EXPECT_TRUE(fit.Add(rows, {}).ok());
  return fit.Fit();
}

EncodedRows Encoded(const Encoder& encoder, const data::Frame& rows) {
  EncodedRows encoded;
  const auto status = encoder.Append(rows, encoded);
  EXPECT_TRUE(status.ok()) << ToText(status.error());
  return encoded;
}

data::Frame Numbers(std::vector<double> values, ColumnType type = ColumnType::kNumber) {
  const auto rows = static_cast<std::int64_t>(values.size());
  return data::FrameBuilder().Numbers("x", type, std::move(values)).Finish(rows);
}

data::Frame Words(std::vector<std::string> levels, std::vector<std::int32_t> codes) {
  const auto rows = static_cast<std::int64_t>(codes.size());
  return data::FrameBuilder().Text("x", std::move(codes), std::move(levels)).Finish(rows);
}

TEST(Encoder, ScalesNumbersByMedianAndQuartilesAndBendsOutliers) {
  const auto contract = ContractOf({{"x", ColumnType::kNumber}});
  const auto encoder = FitOn(contract, Numbers({0, 1, 2, 3, 4}));
  EXPECT_EQ(encoder.numbers[0].median, 2);
  EXPECT_EQ(encoder.numbers[0].scale, 0.5);
  const auto inf = std::numeric_limits<double>::infinity();
  const auto encoded = Encoded(encoder, Numbers({2, 4, 1e30, -inf, inf}));
  EXPECT_FLOAT_EQ(encoded.numbers[0], 0);
  EXPECT_FLOAT_EQ(encoded.numbers[1], static_cast<float>(1 / std::sqrt(1 + 1.0 / 9)));
  EXPECT_FLOAT_EQ(encoded.numbers[2], 3);
  EXPECT_FLOAT_EQ(encoded.numbers[3], -3);
  EXPECT_FLOAT_EQ(encoded.numbers[4], 3);
}

TEST(Encoder, FallsBackToTheRangeAndThenToSilence) {
  const auto contract = ContractOf({{"x", ColumnType::kNumber}});
  EXPECT_EQ(FitOn(contract, Numbers({5, 5, 5, 5, 5, 5, 5, 9})).numbers[0].scale, 0.5);  // quartiles equal: 2 / range
  const auto constant = FitOn(contract, Numbers({5, 5}));
  EXPECT_EQ(constant.numbers[0].scale, 0);
  EXPECT_EQ(Encoded(constant, Numbers({1e9})).numbers[0], 0);
}

TEST(Encoder, KeepsNullsApartWhereItHasSeenSome) {
  const auto contract = ContractOf({{"x", ColumnType::kNumber}});
  const auto with = FitOn(contract, Numbers({0, kNull, 2, 4}));
  EXPECT_TRUE(with.numbers[0].nullable);
  EXPECT_EQ(with.numbers[0].median, 2);
  EXPECT_TRUE(std::isnan(Encoded(with, Numbers({kNull})).numbers[0]));
  EXPECT_FALSE(FitOn(contract, Numbers({0, 2, 4})).numbers[0].nullable);
  EXPECT_EQ(FitOn(contract, Numbers({kNull, kNull})).numbers[0].scale, 0);
}

TEST(Encoder, GivesFrequentLevelsCodesAndAllElseTheCodeZero) {
  const auto contract = ContractOf({{"x", ColumnType::kText}});
  const auto encoder = FitOn(contract, Words({"rare", "b", "a"}, {0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, -1}));
  EXPECT_EQ(encoder.categories[0].levels, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(Encoded(encoder, Words({"a", "rare", "b", "new"}, {0, 1, 2, 3, -1})).codes,
            (std::vector<std::uint16_t>{2, 0, 1, 0, 0}));
}

TEST(Encoder, ReadsNumbersAsCategoriesWhereToldTo) {
  const auto contract = ContractOf({{"x", ColumnType::kInteger}}, {"x"});
  std::vector<double> values(10, 7.0);
  values.resize(20, 3.0);
  const auto encoder = FitOn(contract, Numbers(values, ColumnType::kInteger));
  EXPECT_EQ(encoder.categories[0].levels, (std::vector<std::string>{"7", "3"}));
  EXPECT_EQ(Encoded(encoder, Numbers({3, kNull, 8}, ColumnType::kNumber)).codes, (std::vector<std::uint16_t>{2, 0, 0}));
}

TEST(Encoder, EmbedsCategoriesOfManyLevelsAndPutsThemLast) {
  auto frame = data::FrameBuilder();
  std::vector<std::int32_t> many(60), few(60);
  for (int i = 0; i < 60; ++i) many[static_cast<std::size_t>(i)] = i % 12, few[static_cast<std::size_t>(i)] = i % 2;
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back(std::string(1, static_cast<char>('a' + i)));
  const auto rows = frame.Text("many", many, names).Text("few", few, {"p", "q"}).Finish(60);
  const auto encoder = FitOn(ContractOf({{"many", ColumnType::kText}, {"few", ColumnType::kText}}), rows);
  EXPECT_EQ(encoder.categories[0].name, "few");
  EXPECT_TRUE(encoder.categories[1].embedded);
  const auto shape = encoder.ShapeOf({8}, {.task = data::Task::kBinary, .classes = {"0", "1"}});
  EXPECT_EQ(shape.direct, (std::vector<std::int32_t>{3}));
  EXPECT_EQ(shape.embedded, (std::vector<std::int32_t>{13}));
}

TEST(Encoder, OnlyEverAppendsLevels) {
  const auto contract = ContractOf({{"x", ColumnType::kText}});
  const auto base = FitOn(contract, Words({"b", "a"}, {0, 0, 0, 0, 0, 1, 1, 1, 1, 1}));
  EncoderFit fit(contract, 9);
  ASSERT_TRUE(fit.Add(Words({"a", "c"}, {0, 1, 1, 1, 1, 1}), {}).ok());
  const auto extended = fit.Extend(base);
  EXPECT_EQ(extended.categories[0].levels, (std::vector<std::string>{"b", "a", "c"}));
}

TEST(Encoder, DoesNotDependOnHowRowsAreCutIntoFrames) {
  const auto contract = ContractOf({{"x", ColumnType::kNumber}});
  std::vector<double> values(200'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::sin(static_cast<double>(i)) * 100;
  const auto whole = Numbers(values);
  EncoderFit parts(contract, 9);
  for (std::int64_t at = 0; at < whole.rows(); at += 37'000)
    ASSERT_TRUE(parts.Add(whole.Slice(at, std::min<std::int64_t>(37'000, whole.rows() - at)), {}).ok());
  const auto a = FitOn(contract, whole), b = parts.Fit();
  EXPECT_NEAR(a.numbers[0].median, 0, 1.5);  // a sample of 65,536 of a symmetric column: 1.5 is some 4 standard errors
  EXPECT_NEAR(b.numbers[0].median, a.numbers[0].median, 1.5);
  EXPECT_EQ(b.numbers[0].nullable, a.numbers[0].nullable);
}

TEST(Encoder, RefusesColumnsThatAreMissingOrOfAnotherType) {
  const auto contract = ContractOf({{"x", ColumnType::kNumber}});
  const auto encoder = FitOn(contract, Numbers({0, 1}));
  EncodedRows into;
  const auto other = encoder.Append(data::FrameBuilder().Numbers("xx", ColumnType::kNumber, {1}).Finish(1), into);
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, "E0203");
  EXPECT_EQ(encoder.Append(Words({"a"}, {0}), into).error().code, "E0204");
}

TEST(Encoder, ComesBackFromItsBytesAndRefusesOthers) {
  const auto contract = ContractOf({{"x", ColumnType::kText}});
  auto encoder = FitOn(contract, Words({"b"}, {0, 0, 0, 0, 0}));
  encoder.numbers.push_back({.name = "n", .median = 1.5, .scale = 2, .nullable = true});
  const auto bytes = ToBytes(encoder);
  const auto back = EncoderFromBytes(bytes);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(*back, encoder);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(EncoderFromBytes(std::string_view(bytes).substr(0, size)).ok()) << size;
  EXPECT_FALSE(EncoderFromBytes(bytes + "x").ok());
}

}  // namespace
}  // namespace retrain::model::mlp
