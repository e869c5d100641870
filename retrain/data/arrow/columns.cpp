#include "retrain/data/arrow/columns.h"

#include <deque>
#include <unordered_map>
#include <unordered_set>

#include <arrow/array.h>
#include <arrow/extension_type.h>
#include <arrow/record_batch.h>
#include <fmt/format.h>

#include "retrain/data/arrow/fence.h"
#include "retrain/data/arrow/numbers.h"

namespace retrain::data {
namespace {

// Calls visit(view of value i or null) for each value of a text array that is no dictionary.
template <class Visit>
arrow::Status EachText(const arrow::Array& array, Visit visit) {
  const auto all = [&]<class Array>(const Array& typed) {
    for (std::int64_t i = 0; i < typed.length(); ++i) {
      visit(i, typed.IsNull(i) ? std::nullopt : std::optional<std::string_view>(typed.GetView(i)));
    }
    return arrow::Status::OK();
  };
  switch (array.type_id()) {
    case arrow::Type::STRING: return all(static_cast<const arrow::StringArray&>(array));
    case arrow::Type::LARGE_STRING: return all(static_cast<const arrow::LargeStringArray&>(array));
    case arrow::Type::STRING_VIEW: return all(static_cast<const arrow::StringViewArray&>(array));
    case arrow::Type::BINARY: return all(static_cast<const arrow::BinaryArray&>(array));
    case arrow::Type::LARGE_BINARY: return all(static_cast<const arrow::LargeBinaryArray&>(array));
    case arrow::Type::BINARY_VIEW: return all(static_cast<const arrow::BinaryViewArray&>(array));
    case arrow::Type::FIXED_SIZE_BINARY: return all(static_cast<const arrow::FixedSizeBinaryArray&>(array));
    default: return arrow::Status::TypeError("no text in a column of type ", array.type()->ToString());
  }
}

template <class Array>
arrow::Status Recode(const arrow::Array& indices, std::span<const std::int32_t> code_of,
                     std::vector<std::int32_t>& codes) {
  const auto* values = static_cast<const Array&>(indices).raw_values();
  const bool has_nulls = indices.null_count() > 0;
  for (std::int64_t i = 0; i < indices.length(); ++i) {
    if (has_nulls && indices.IsNull(i)) continue;
    const auto entry = static_cast<std::uint64_t>(static_cast<std::int64_t>(values[i]));  // below 0: far outside
    if (entry >= code_of.size()) return arrow::Status::Invalid("a dictionary code outside its dictionary");
    codes[static_cast<std::size_t>(i)] = code_of[entry];
  }
  return arrow::Status::OK();
}

arrow::Status RecodeAny(const arrow::Array& indices, std::span<const std::int32_t> code_of,
                        std::vector<std::int32_t>& codes) {
  switch (indices.type_id()) {
    case arrow::Type::INT8: return Recode<arrow::Int8Array>(indices, code_of, codes);
    case arrow::Type::INT16: return Recode<arrow::Int16Array>(indices, code_of, codes);
    case arrow::Type::INT32: return Recode<arrow::Int32Array>(indices, code_of, codes);
    case arrow::Type::INT64: return Recode<arrow::Int64Array>(indices, code_of, codes);
    case arrow::Type::UINT8: return Recode<arrow::UInt8Array>(indices, code_of, codes);
    case arrow::Type::UINT16: return Recode<arrow::UInt16Array>(indices, code_of, codes);
    case arrow::Type::UINT32: return Recode<arrow::UInt32Array>(indices, code_of, codes);
    case arrow::Type::UINT64: return Recode<arrow::UInt64Array>(indices, code_of, codes);
    default: return arrow::Status::TypeError("dictionary codes of type ", indices.type()->ToString());
  }
}

bool AllInside(std::span<const std::int32_t> codes, std::size_t levels) {
  for (const std::int32_t code : codes) {
    if (static_cast<std::uint32_t>(code) >= levels) return false;
  }
  return true;
}

// The field with the type that is expected of it; what does not fit is gathered.
Field AsExpected(Field found, const ReadOptions& options, const std::string& name, std::vector<Error>& errors) {
  const Field* expected = options.expected == nullptr ? nullptr : options.expected->Find(found.name);
  if (expected == nullptr || expected->only_nulls) return found;
  if (!found.only_nulls && !CanReadAs(found.type, expected->type)) {
    errors.push_back({.code = "E0204",
                      .message = fmt::format("column `{}` of {} is {}, it was {}", found.name, name, Name(found.type),
                                             Name(expected->type)),
                      .where = {.file = name, .key = found.name}});
  }
  return *expected;
}

}  // namespace

Error Unreadable(const std::string& name, const std::string& why) {
  return {.code = "E0202",
          .message = fmt::format("{} cannot be read: {}", name, why.substr(0, why.find('\n'))),
          .where = {.file = name},
          .hint = "write the file again"};
}

Error Unreadable(const std::string& name, const arrow::Status& status) { return Unreadable(name, status.message()); }

Result<Schema> ReadSchema(const arrow::Schema& source, const ReadOptions& options, const std::string& name) {
  Schema all;
  std::unordered_set<std::string_view> seen;
  for (const auto& field : source.fields()) {
    if (!seen.insert(field->name()).second)
      return Unreadable(name, fmt::format("two columns are named `{}`", field->name()));
    if (const auto type = TypeOf(*field->type())) {
      all.fields.push_back({field->name(), *type, field->type()->id() == arrow::Type::NA});
    } else {
      all.unusable.push_back({field->name(), field->type()->ToString()});
    }
  }
  Schema schema{.unusable = all.unusable};
  std::vector<Error> errors;
  for (const std::string& wanted : options.columns.empty() ? all.Names() : options.columns) {
    const Field* field = all.Find(wanted);
    if (field == nullptr) {
      errors.push_back(MissingColumn(all, wanted, name));
    } else {
      schema.fields.push_back(AsExpected(*field, options, name, errors));
    }
  }
  if (!errors.empty()) return AllInOne(std::move(errors));
  return schema;
}

// The distinct values of a dictionary; entry e of it has code code_of[e], null entries -1.
struct BatchConverter::Levels {
  std::shared_ptr<arrow::ArrayData> keeps_alive;
  std::vector<std::string_view> values;
  std::vector<std::int32_t> code_of;
  bool entries_are_codes = false;

  static arrow::Result<std::shared_ptr<Levels>> Of(const std::shared_ptr<arrow::Array>& array) {
    auto levels = std::make_shared<Levels>();
    std::unordered_map<std::string_view, std::int32_t> code_by_value;
    levels->code_of.resize(static_cast<std::size_t>(array->length()), -1);
    ARROW_RETURN_NOT_OK(EachText(*array, [&](std::int64_t i, std::optional<std::string_view> value) {
      if (!value) return;
      const auto [known, is_new] = code_by_value.try_emplace(*value, static_cast<std::int32_t>(levels->values.size()));
      if (is_new) levels->values.push_back(*value);
      levels->code_of[static_cast<std::size_t>(i)] = known->second;
    }));
    levels->entries_are_codes = levels->values.size() == levels->code_of.size();
    levels->keeps_alive = array->data();
    return levels;
  }
};

// What the columns of one frame view.
struct BatchConverter::Storage {
  std::shared_ptr<arrow::RecordBatch> batch;
  std::deque<std::vector<double>> numbers;
  std::deque<std::vector<std::int32_t>> codes;
  std::vector<std::shared_ptr<const Levels>> levels;
};

BatchConverter::BatchConverter(Schema schema, const arrow::Schema& batches)
    : schema_(std::move(schema)), levels_(schema_.fields.size()) {
  for (const Field& field : schema_.fields) {
    sources_.push_back(batches.GetFieldIndex(field.name));
    RETRAIN_ALWAYS(sources_.back() >= 0);
  }
}

BatchConverter::~BatchConverter() = default;
BatchConverter::BatchConverter(BatchConverter&&) noexcept = default;

arrow::Result<Column> BatchConverter::ConvertText(std::size_t index, const std::shared_ptr<arrow::Array>& array,
                                                  Storage& storage) {
  Column column{.type = ColumnType::kText};
  if (array->type_id() == arrow::Type::NA) {
    column.codes = storage.codes.emplace_back(static_cast<std::size_t>(array->length()), -1);
    return column;
  }
  if (array->type_id() != arrow::Type::DICTIONARY) {
    ARROW_ASSIGN_OR_RAISE(auto levels, Levels::Of(array));
    column.codes = storage.codes.emplace_back(std::move(levels->code_of));
    column.levels = storage.levels.emplace_back(std::move(levels))->values;
    return column;
  }
  const auto& coded = static_cast<const arrow::DictionaryArray&>(*array);
  auto& levels = levels_[index];
  if (levels == nullptr || levels->keeps_alive != coded.data()->dictionary) {
    ARROW_ASSIGN_OR_RAISE(levels, Levels::Of(coded.dictionary()));
  }
  const arrow::Array& indices = *coded.indices();
  column.levels = storage.levels.emplace_back(levels)->values;
  if (levels->entries_are_codes && indices.type_id() == arrow::Type::INT32 && indices.null_count() == 0) {
    column.codes = {static_cast<const arrow::Int32Array&>(indices).raw_values(),
                    static_cast<std::size_t>(indices.length())};
    if (!AllInside(column.codes, levels->values.size()))
      return arrow::Status::Invalid("a dictionary code outside its dictionary");
    return column;
  }
  auto& codes = storage.codes.emplace_back(static_cast<std::size_t>(array->length()), -1);
  ARROW_RETURN_NOT_OK(RecodeAny(indices, levels->code_of, codes));
  column.codes = codes;
  return column;
}

arrow::Result<Frame> BatchConverter::Convert(const std::shared_ptr<arrow::RecordBatch>& batch) {
  auto storage = std::make_shared<Storage>();
  storage->batch = batch;
  std::vector<Column> columns;
  for (std::size_t i = 0; i < schema_.fields.size(); ++i) {
    auto array = batch->column(sources_[i]);
    while (array->type_id() == arrow::Type::EXTENSION)
      array = static_cast<const arrow::ExtensionArray&>(*array).storage();
    const ColumnType type = schema_.fields[i].type;
    if (type == ColumnType::kText) {
      ARROW_ASSIGN_OR_RAISE(columns.emplace_back(), ConvertText(i, array, *storage));
    } else if (array->type_id() == arrow::Type::DOUBLE && array->null_count() == 0) {
      const auto* values = static_cast<const arrow::DoubleArray&>(*array).raw_values();
      columns.push_back({.type = type, .numbers = {values, static_cast<std::size_t>(array->length())}});
    } else {
      ARROW_ASSIGN_OR_RAISE(auto numbers, ToNumbers(*array));
      columns.push_back({.type = type, .numbers = storage->numbers.emplace_back(std::move(numbers))});
    }
  }
  const std::int64_t rows = batch->num_rows();
  return Frame(schema_, std::move(columns), rows, std::move(storage));
}

}  // namespace retrain::data
