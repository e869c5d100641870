#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/c/bridge.h>
#include <arrow/extension_type.h>
#include <arrow/record_batch.h>
#include <arrow/util/float16.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "retrain/data/arrow/c_stream.h"
#include "retrain/testing/table_memory.h"

// What every Arrow type becomes, through the C stream, as tables come from Python.
namespace retrain::data {
namespace {

using testing::Cells;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct ArrowColumn {
  std::string name;
  std::shared_ptr<arrow::Array> values;
};

ArrowArrayStream Stream(const std::vector<ArrowColumn>& columns) {
  arrow::FieldVector fields;
  arrow::ArrayVector arrays;
  for (const auto& column : columns) {
    fields.push_back(arrow::field(column.name, column.values->type()));
    arrays.push_back(column.values);
  }
  const auto schema = arrow::schema(fields);
  const auto batch = arrow::RecordBatch::Make(schema, columns.front().values->length(), arrays);
  ArrowArrayStream stream;
  RETRAIN_ALWAYS(
      arrow::ExportRecordBatchReader(arrow::RecordBatchReader::Make({batch}, schema).ValueOrDie(), &stream).ok());
  return stream;
}

Result<std::unique_ptr<TableSource>> Import(const std::vector<ArrowColumn>& columns, const ReadOptions& options = {}) {
  auto stream = Stream(columns);
  auto source = ImportStream(&stream, options);
  EXPECT_EQ(stream.release, nullptr);
  return source;
}

struct Read {
  ColumnType type;
  std::vector<std::string> cells;
};

Read ReadOne(const std::shared_ptr<arrow::Array>& values) {
  const auto source = Import({{"c", values}});
  RETRAIN_ALWAYS(source.ok() && source.value()->schema().fields.size() == 1);
  return {source.value()->schema().fields[0].type, Cells(testing::ReadAll(*source.value()), "c")};
}

template <class Builder, class Value>
std::shared_ptr<arrow::Array> Build(Builder& builder, const std::vector<std::optional<Value>>& values) {
  for (const auto& value : values) RETRAIN_ALWAYS((value ? builder.Append(*value) : builder.AppendNull()).ok());
  return builder.Finish().ValueOrDie();
}

template <class Type>
Read Whole() {
  typename arrow::TypeTraits<Type>::BuilderType builder;
  using Value = typename Type::c_type;
  return ReadOne(Build<decltype(builder), Value>(builder, {Value{7}, std::nullopt, Value{100}}));
}

template <class Type>
Read Ticks(const std::shared_ptr<arrow::DataType>& type, std::int64_t ticks) {
  typename arrow::TypeTraits<Type>::BuilderType builder(type, arrow::default_memory_pool());
  using Value = typename Type::c_type;
  return ReadOne(Build<decltype(builder), Value>(builder, {static_cast<Value>(ticks), std::nullopt}));
}

TEST(ArrowTypes, IntegersOfEveryWidth) {
  for (const auto& read : {Whole<arrow::Int8Type>(), Whole<arrow::Int16Type>(), Whole<arrow::Int32Type>(),
                           Whole<arrow::Int64Type>(), Whole<arrow::UInt8Type>(), Whole<arrow::UInt16Type>(),
                           Whole<arrow::UInt32Type>(), Whole<arrow::UInt64Type>()}) {
    EXPECT_EQ(read.type, ColumnType::kInteger);
    EXPECT_THAT(read.cells, ElementsAre("7", "null", "100"));
  }
}

TEST(ArrowTypes, NumbersOfEveryWidth) {
  for (const auto& read : {Whole<arrow::FloatType>(), Whole<arrow::DoubleType>()}) {
    EXPECT_EQ(read.type, ColumnType::kNumber);
    EXPECT_THAT(read.cells, ElementsAre("7", "null", "100"));
  }
  arrow::HalfFloatBuilder halves;
  EXPECT_THAT(
      ReadOne(Build<decltype(halves), std::uint16_t>(halves, {arrow::util::Float16(1.5f).bits(), std::nullopt})).cells,
      ElementsAre("1.5", "null"));
  arrow::Decimal128Builder decimals(arrow::decimal128(10, 2));
  EXPECT_THAT(
      ReadOne(Build<decltype(decimals), arrow::Decimal128>(decimals, {arrow::Decimal128(-12345), std::nullopt})).cells,
      ElementsAre("-123.45", "null"));
  arrow::Decimal256Builder wide(arrow::decimal256(50, 1));
  EXPECT_THAT(ReadOne(Build<decltype(wide), arrow::Decimal256>(wide, {arrow::Decimal256(25)})).cells,
              ElementsAre("2.5"));
  EXPECT_THAT(ReadOne(arrow::MakeArrayOfNull(arrow::null(), 2).ValueOrDie()).cells, ElementsAre("null", "null"));
}

TEST(ArrowTypes, TimesOfEveryUnitBecomeMicroseconds) {
  using arrow::TimeUnit;
  const auto expect = [](const Read& read, const char* microseconds) {
    EXPECT_EQ(read.type, ColumnType::kTime);
    EXPECT_THAT(read.cells, ElementsAre(microseconds, "null"));
  };
  expect(Ticks<arrow::TimestampType>(arrow::timestamp(TimeUnit::SECOND), 3), "3000000");
  expect(Ticks<arrow::TimestampType>(arrow::timestamp(TimeUnit::MILLI, "Europe/Berlin"), 3), "3000");
  expect(Ticks<arrow::TimestampType>(arrow::timestamp(TimeUnit::MICRO), 3), "3");
  expect(Ticks<arrow::TimestampType>(arrow::timestamp(TimeUnit::NANO), 1'772'368'200'123'456'789),
         "1772368200123456.8");
  expect(Ticks<arrow::Date32Type>(arrow::date32(), 2), "172800000000");
  expect(Ticks<arrow::Date64Type>(arrow::date64(), 86'400'000), "86400000000");
  expect(Ticks<arrow::Time32Type>(arrow::time32(TimeUnit::SECOND), 60), "60000000");
  expect(Ticks<arrow::Time64Type>(arrow::time64(TimeUnit::NANO), 5000), "5");
  const auto duration = Ticks<arrow::DurationType>(arrow::duration(TimeUnit::MILLI), 1500);
  EXPECT_EQ(duration.type, ColumnType::kNumber);
  EXPECT_THAT(duration.cells, ElementsAre("1.5", "null"));
}

template <class Builder>
void ExpectText(Builder builder) {
  const auto read = ReadOne(
      Build<Builder, std::string>(builder, {"abc", std::nullopt, "a much longer text than twelve bytes", "abc"}));
  EXPECT_EQ(read.type, ColumnType::kText);
  EXPECT_THAT(read.cells, ElementsAre("abc", "null", "a much longer text than twelve bytes", "abc"));
}

TEST(ArrowTypes, TextOfEveryLayout) {
  ExpectText(arrow::StringBuilder());
  ExpectText(arrow::LargeStringBuilder());
  ExpectText(arrow::StringViewBuilder());
  ExpectText(arrow::BinaryBuilder());
  ExpectText(arrow::LargeBinaryBuilder());
  ExpectText(arrow::BinaryViewBuilder());
}

std::shared_ptr<arrow::Array> Dictionary(const std::shared_ptr<arrow::Array>& codes,
                                         const std::shared_ptr<arrow::Array>& values) {
  // Not FromArrays: it would refuse what a careless producer sends.
  return std::make_shared<arrow::DictionaryArray>(arrow::dictionary(codes->type(), values->type()), codes, values);
}

TEST(ArrowTypes, DictionariesWithRepeatedAndNullEntries) {
  arrow::StringBuilder words;
  const auto values = Build<arrow::StringBuilder, std::string>(words, {"a", std::nullopt, "b", "a"});
  arrow::Int8Builder codes;
  const auto coded = Build<arrow::Int8Builder, std::int8_t>(codes, {0, 1, 2, 3, std::nullopt});
  const auto source = Import({{"c", Dictionary(coded, values)}});
  ASSERT_TRUE(source.ok());
  const auto frames = testing::ReadAll(*source.value());
  EXPECT_THAT(Cells(frames, "c"), ElementsAre("a", "null", "b", "a", "null"));
  EXPECT_EQ(frames[0].column(0).levels.size(), 2u);
}

TEST(ArrowTypes, ADictionaryOfNumbersIsAColumnOfNumbers) {
  arrow::DoubleBuilder numbers;
  arrow::Int32Builder codes;
  const auto read = ReadOne(Dictionary(Build<arrow::Int32Builder, std::int32_t>(codes, {1, 0, std::nullopt}),
                                       Build<arrow::DoubleBuilder, double>(numbers, {0.5, 2.5})));
  EXPECT_EQ(read.type, ColumnType::kNumber);
  EXPECT_THAT(read.cells, ElementsAre("2.5", "0.5", "null"));
}

TEST(ArrowTypes, ACodeOutsideItsDictionaryIsAnError) {
  for (const std::int32_t code : {5, -1}) {
    arrow::StringBuilder words;
    arrow::Int32Builder codes;
    const auto source = Import({{"c", Dictionary(Build<arrow::Int32Builder, std::int32_t>(codes, {0, code}),
                                                 Build<arrow::StringBuilder, std::string>(words, {"a", "b"}))}});
    ASSERT_TRUE(source.ok());
    const auto frame = source.value()->Next();
    ASSERT_FALSE(frame.ok());
    EXPECT_EQ(frame.error().code, "E0202");
  }
}

TEST(ArrowTypes, ListsAndStructsAreLeftOutAndRemembered) {
  arrow::DoubleBuilder numbers;
  const auto x = Build<arrow::DoubleBuilder, double>(numbers, {1, 2});
  const auto list = arrow::MakeArrayOfNull(arrow::list(arrow::float64()), 2).ValueOrDie();
  const auto source = Import({{"tags", list}, {"x", x}});
  ASSERT_TRUE(source.ok());
  EXPECT_THAT(source.value()->schema().Names(), ElementsAre("x"));
  EXPECT_EQ(source.value()->schema().unusable, (std::vector<UnusableField>{{"tags", "list<item: double>"}}));
  EXPECT_THAT(Cells(testing::ReadAll(*source.value()), "x"), ElementsAre("1", "2"));
  const auto asked = Import({{"tags", list}, {"x", x}}, {.columns = {"tags"}});
  ASSERT_FALSE(asked.ok());
  EXPECT_THAT(asked.error().message, HasSubstr("is a list<item: double>"));
}

TEST(ArrowTypes, DoublesWithoutNullsAreNotCopied) {
  arrow::DoubleBuilder numbers;
  const auto x = Build<arrow::DoubleBuilder, double>(numbers, {1, 2, 3});
  const auto source = Import({{"x", x}});
  const auto frames = testing::ReadAll(*source.value());
  EXPECT_EQ(frames[0].column(0).numbers.data(), static_cast<const arrow::DoubleArray&>(*x).raw_values());
}

TEST(ArrowTypes, TwoColumnsOfOneNameAreRefused) {
  arrow::DoubleBuilder numbers;
  const auto x = Build<arrow::DoubleBuilder, double>(numbers, {1});
  const auto source = Import({{"x", x}, {"x", x}});
  ASSERT_FALSE(source.ok());
  EXPECT_EQ(source.error().code, "E0202");
  EXPECT_THAT(source.error().message, HasSubstr("two columns are named `x`"));
}

TEST(ArrowTypes, AnExpectedTypeIsHeldAndNullsAreAnything) {
  arrow::Int32Builder integers;
  const auto n = Build<arrow::Int32Builder, std::int32_t>(integers, {1});
  const auto nulls = arrow::MakeArrayOfNull(arrow::null(), 1).ValueOrDie();
  const Schema expected{.fields = {{"n", ColumnType::kNumber}, {"w", ColumnType::kText}}};
  const auto source = Import({{"n", n}, {"w", nulls}}, {.expected = &expected});
  ASSERT_TRUE(source.ok());
  EXPECT_EQ(source.value()->schema(), expected);
  EXPECT_THAT(Cells(testing::ReadAll(*source.value()), "w"), ElementsAre("null"));
  const auto other = Import({{"n", n}, {"w", n}}, {.expected = &expected});
  ASSERT_FALSE(other.ok());
  EXPECT_EQ(other.error().code, "E0204");
  EXPECT_EQ(other.error().message, "column `w` of the table is integer, it was text");
}

}  // namespace
}  // namespace retrain::data
