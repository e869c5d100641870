#include "retrain/data/arrow/to_arrow.h"

#include <cmath>

#include <arrow/array.h>
#include <arrow/builder.h>
#include <arrow/record_batch.h>

namespace retrain::data {
namespace {

std::shared_ptr<arrow::DataType> TypeFor(ColumnType type) {
  switch (type) {
    case ColumnType::kNumber: return arrow::float64();
    case ColumnType::kInteger: return arrow::int64();
    case ColumnType::kBoolean: return arrow::boolean();
    case ColumnType::kText: return arrow::dictionary(arrow::int32(), arrow::utf8());
    case ColumnType::kTime: return arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  }
  Bug("a column type without an Arrow type", __FILE__, __LINE__);
}

constexpr double kWholeBelow = 9007199254740992.0;  // 2^53

template <class Builder, class Convert>
arrow::Result<std::shared_ptr<arrow::Array>> Build(Builder builder, std::span<const double> numbers, Convert convert) {
  ARROW_RETURN_NOT_OK(builder.Reserve(std::ssize(numbers)));
  for (const double number : numbers) {
    if (std::isnan(number)) {
      builder.UnsafeAppendNull();
    } else {
      builder.UnsafeAppend(convert(number));
    }
  }
  return builder.Finish();
}

arrow::Result<std::shared_ptr<arrow::Array>> Whole(std::span<const double> numbers) {
  for (const double number : numbers) {
    if (!std::isnan(number) && (std::trunc(number) != number || std::abs(number) > kWholeBelow)) {
      return arrow::Status::Invalid("an integer column holds ", number);
    }
  }
  return Build(arrow::Int64Builder(), numbers, [](double number) { return static_cast<std::int64_t>(number); });
}

arrow::Result<std::shared_ptr<arrow::Array>> Text(const Column& column) {
  arrow::StringBuilder levels;
  for (const auto level : column.levels) ARROW_RETURN_NOT_OK(levels.Append(level));
  arrow::Int32Builder codes;
  for (const auto code : column.codes) ARROW_RETURN_NOT_OK(code < 0 ? codes.AppendNull() : codes.Append(code));
  ARROW_ASSIGN_OR_RAISE(const auto dictionary, levels.Finish());
  ARROW_ASSIGN_OR_RAISE(const auto indices, codes.Finish());
  return arrow::DictionaryArray::FromArrays(TypeFor(ColumnType::kText), indices, dictionary);
}

arrow::Result<std::shared_ptr<arrow::Array>> ToArray(const Column& column) {
  switch (column.type) {
    case ColumnType::kText: return Text(column);
    case ColumnType::kInteger: return Whole(column.numbers);
    case ColumnType::kBoolean:
      return Build(arrow::BooleanBuilder(), column.numbers, [](double number) { return number != 0; });
    case ColumnType::kTime:
      return Build(arrow::TimestampBuilder(TypeFor(ColumnType::kTime), arrow::default_memory_pool()), column.numbers,
                   [](double number) { return static_cast<std::int64_t>(std::llround(number)); });
    case ColumnType::kNumber: break;
  }
  return Build(arrow::DoubleBuilder(), column.numbers, [](double number) { return number; });
}

}  // namespace

std::shared_ptr<arrow::Schema> ToArrow(const Schema& schema) {
  arrow::FieldVector fields;
  for (const Field& field : schema.fields) fields.push_back(arrow::field(field.name, TypeFor(field.type)));
  return arrow::schema(std::move(fields));
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> ToArrow(const Frame& frame) {
  arrow::ArrayVector arrays;
  for (std::size_t i = 0; i < frame.schema().fields.size(); ++i) {
    ARROW_ASSIGN_OR_RAISE(arrays.emplace_back(), ToArray(frame.column(i)));
  }
  return arrow::RecordBatch::Make(ToArrow(frame.schema()), frame.rows(), std::move(arrays));
}

}  // namespace retrain::data
