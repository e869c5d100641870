#include "retrain/data/arrow/numbers.h"

#include <cmath>
#include <limits>

#include <arrow/array.h>
#include <arrow/extension_type.h>
#include <arrow/util/decimal.h>
#include <arrow/util/float16.h>

namespace retrain::data {
namespace {

constexpr double kNull = std::numeric_limits<double>::quiet_NaN();

// Microseconds in one tick of a unit.
double Microseconds(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND: return 1e6;
    case arrow::TimeUnit::MILLI: return 1e3;
    case arrow::TimeUnit::MICRO: return 1;
    case arrow::TimeUnit::NANO: return 1e-3;
  }
  return 1;
}

template <class Array>
std::vector<double> Plain(const arrow::Array& array, double factor = 1) {
  const auto* values = static_cast<const Array&>(array).raw_values();
  std::vector<double> numbers(static_cast<std::size_t>(array.length()));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(values[i]) * factor;
  return numbers;
}

// Nanoseconds of today have 61 bits: divide them before they become a double.
std::vector<double> Nanoseconds(const arrow::Array& array) {
  const auto* values = array.data()->GetValues<std::int64_t>(1);
  std::vector<double> numbers(static_cast<std::size_t>(array.length()));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const std::int64_t whole = values[i] / 1000;
    numbers[i] = static_cast<double>(whole) + static_cast<double>(values[i] - whole * 1000) * 1e-3;
  }
  return numbers;
}

template <class Array>
std::vector<double> Timestamps(const arrow::Array& array, arrow::TimeUnit::type unit) {
  if constexpr (sizeof(typename Array::value_type) == 8) {
    if (unit == arrow::TimeUnit::NANO) return Nanoseconds(array);
  }
  return Plain<Array>(array, Microseconds(unit));
}

template <class Value>
std::vector<double> Each(const arrow::Array& array, Value value) {
  std::vector<double> numbers(static_cast<std::size_t>(array.length()));
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = value(static_cast<std::int64_t>(i));
  return numbers;
}

template <class Array, class Decimal>
std::vector<double> Decimals(const arrow::Array& array) {
  const auto scale = static_cast<const arrow::DecimalType&>(*array.type()).scale();
  const auto& typed = static_cast<const Array&>(array);
  return Each(array, [&](std::int64_t i) { return Decimal(typed.GetValue(i)).ToDouble(scale); });
}

arrow::Result<std::vector<double>> FromDictionary(const arrow::DictionaryArray& array) {
  ARROW_ASSIGN_OR_RAISE(const auto values, ToNumbers(*array.dictionary()));
  std::vector<double> numbers(static_cast<std::size_t>(array.length()), kNull);
  for (std::int64_t i = 0; i < array.length(); ++i) {
    if (array.IsNull(i)) continue;
    const auto code = static_cast<std::size_t>(array.GetValueIndex(i));
    if (code >= values.size()) return arrow::Status::Invalid("a dictionary code outside its dictionary");
    numbers[static_cast<std::size_t>(i)] = values[code];
  }
  return numbers;
}

arrow::Result<std::vector<double>> IgnoringNulls(const arrow::Array& array) {
  using arrow::Type;
  const arrow::DataType& type = *array.type();
  switch (type.id()) {
    case Type::INT8: return Plain<arrow::Int8Array>(array);
    case Type::INT16: return Plain<arrow::Int16Array>(array);
    case Type::INT32: return Plain<arrow::Int32Array>(array);
    case Type::INT64: return Plain<arrow::Int64Array>(array);
    case Type::UINT8: return Plain<arrow::UInt8Array>(array);
    case Type::UINT16: return Plain<arrow::UInt16Array>(array);
    case Type::UINT32: return Plain<arrow::UInt32Array>(array);
    case Type::UINT64: return Plain<arrow::UInt64Array>(array);
    case Type::FLOAT: return Plain<arrow::FloatArray>(array);
    case Type::DOUBLE: return Plain<arrow::DoubleArray>(array);
    case Type::HALF_FLOAT:
      return Each(array, [&](std::int64_t i) {
        return arrow::util::Float16::FromBits(static_cast<const arrow::HalfFloatArray&>(array).Value(i)).ToDouble();
      });
    case Type::BOOL:
      return Each(array,
                  [&](std::int64_t i) { return static_cast<const arrow::BooleanArray&>(array).Value(i) ? 1.0 : 0.0; });
    case Type::DECIMAL32: return Decimals<arrow::Decimal32Array, arrow::Decimal32>(array);
    case Type::DECIMAL64: return Decimals<arrow::Decimal64Array, arrow::Decimal64>(array);
    case Type::DECIMAL128: return Decimals<arrow::Decimal128Array, arrow::Decimal128>(array);
    case Type::DECIMAL256: return Decimals<arrow::Decimal256Array, arrow::Decimal256>(array);
    case Type::DATE32: return Plain<arrow::Date32Array>(array, 86'400e6);
    case Type::DATE64: return Plain<arrow::Date64Array>(array, 1e3);
    case Type::TIMESTAMP:
      return Timestamps<arrow::TimestampArray>(array, static_cast<const arrow::TimestampType&>(type).unit());
    case Type::TIME32: return Timestamps<arrow::Time32Array>(array, static_cast<const arrow::Time32Type&>(type).unit());
    case Type::TIME64: return Timestamps<arrow::Time64Array>(array, static_cast<const arrow::Time64Type&>(type).unit());
    case Type::DURATION:
      return Plain<arrow::DurationArray>(array,
                                         Microseconds(static_cast<const arrow::DurationType&>(type).unit()) * 1e-6);
    case Type::NA: return std::vector<double>(static_cast<std::size_t>(array.length()), kNull);
    case Type::DICTIONARY: return FromDictionary(static_cast<const arrow::DictionaryArray&>(array));
    case Type::EXTENSION: return ToNumbers(*static_cast<const arrow::ExtensionArray&>(array).storage());
    default: return arrow::Status::TypeError("no numbers in a column of type ", type.ToString());
  }
}

}  // namespace

std::optional<ColumnType> TypeOf(const arrow::DataType& type) {
  using arrow::Type;
  switch (type.id()) {
    case Type::INT8:
    case Type::INT16:
    case Type::INT32:
    case Type::INT64:
    case Type::UINT8:
    case Type::UINT16:
    case Type::UINT32:
    case Type::UINT64: return ColumnType::kInteger;
    case Type::HALF_FLOAT:
    case Type::FLOAT:
    case Type::DOUBLE:
    case Type::DECIMAL32:
    case Type::DECIMAL64:
    case Type::DECIMAL128:
    case Type::DECIMAL256:
    case Type::DURATION:
    case Type::NA: return ColumnType::kNumber;
    case Type::BOOL: return ColumnType::kBoolean;
    case Type::STRING:
    case Type::LARGE_STRING:
    case Type::STRING_VIEW:
    case Type::BINARY:
    case Type::LARGE_BINARY:
    case Type::BINARY_VIEW:
    case Type::FIXED_SIZE_BINARY: return ColumnType::kText;
    case Type::DATE32:
    case Type::DATE64:
    case Type::TIMESTAMP:
    case Type::TIME32:
    case Type::TIME64: return ColumnType::kTime;
    case Type::DICTIONARY: return TypeOf(*static_cast<const arrow::DictionaryType&>(type).value_type());
    case Type::EXTENSION: return TypeOf(*static_cast<const arrow::ExtensionType&>(type).storage_type());
    default: return std::nullopt;
  }
}

arrow::Result<std::vector<double>> ToNumbers(const arrow::Array& array) {
  ARROW_ASSIGN_OR_RAISE(auto numbers, IgnoringNulls(array));
  if (array.null_count() > 0) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (array.IsNull(i)) numbers[static_cast<std::size_t>(i)] = kNull;
    }
  }
  return numbers;
}

}  // namespace retrain::data
