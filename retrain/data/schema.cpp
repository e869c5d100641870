#include "retrain/data/schema.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::data {
namespace {

constexpr std::pair<ColumnType, std::string_view> kTypeNames[] = {{ColumnType::kNumber, "number"},
                                                                  {ColumnType::kInteger, "integer"},
                                                                  {ColumnType::kBoolean, "boolean"},
                                                                  {ColumnType::kText, "text"},
                                                                  {ColumnType::kTime, "time"}};
constexpr std::string_view kOnlyNulls = "null";

}  // namespace

std::string_view Name(ColumnType type) {
  for (const auto& [known, name] : kTypeNames) {
    if (known == type) return name;
  }
  Bug("a column type without a name", __FILE__, __LINE__);
}

Result<ColumnType> TypeFromName(std::string_view name) {
  for (const auto& [type, known] : kTypeNames) {
    if (known == name) return type;
  }
  return Error{.code = "E0302", .message = fmt::format("there is no column type `{}`", name)};
}

const Field* Schema::Find(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &Field::name);
  return found == fields.end() ? nullptr : &*found;
}

std::vector<std::string> Schema::Names() const {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const Field& field : fields) names.push_back(field.name);
  return names;
}

bool CanReadAs(ColumnType from, ColumnType to) {
  const auto is_numeric = [](ColumnType type) { return type == ColumnType::kNumber || type == ColumnType::kInteger; };
  return from == to || (is_numeric(from) && is_numeric(to));
}

void Widen(Schema& schema, const Schema& other) {
  for (Field& field : schema.fields) {
    const Field* same = other.Find(field.name);
    if (same == nullptr || same->only_nulls) continue;
    if (field.only_nulls) {
      field = *same;
    } else if (field.type == ColumnType::kInteger && same->type == ColumnType::kNumber) {
      field.type = ColumnType::kNumber;
    }
  }
}

Error MissingColumn(const Schema& schema, std::string_view name, std::string_view table, std::string_view key) {
  Error error{.code = "E0203", .where = {.key = std::string(key)}};
  const auto unusable = std::ranges::find(schema.unusable, name, &UnusableField::name);
  if (unusable != schema.unusable.end()) {
    error.message =
        fmt::format("column `{}` of {} is a {}, which cannot take part in learning", name, table, unusable->kind);
    error.hint = "write it as one column a value, or leave it out";
    return error;
  }
  const auto names = schema.Names();
  error.message =
      fmt::format("column `{}` is not in {} ({} column{})", name, table, names.size(), names.size() == 1 ? "" : "s");
  const auto near = NearName(name, names);
  error.hint = near.empty() ? fmt::format("it has {}", ListNames(names, 20)) : fmt::format("write `{}`", near);
  return error;
}

Json ToJson(const Schema& schema) {
  Json json = Json::MakeObject();
  for (const Field& field : schema.fields) json.Set(field.name, field.only_nulls ? kOnlyNulls : Name(field.type));
  for (const UnusableField& field : schema.unusable) json.Set(field.name, field.kind);
  return json;
}

Result<Schema> SchemaFromJson(const Json& json) {
  if (!json.is_object()) return Error{.code = "E0302", .message = "a schema is no JSON object"};
  Schema schema;
  for (const auto& [name, type] : json.members()) {
    if (!type.is_string()) return Error{.code = "E0302", .message = fmt::format("column `{}` has no type", name)};
    const std::string word = type.AsString();
    const auto known = std::ranges::find(kTypeNames, word, [](const auto& pair) { return pair.second; });
    if (known != std::end(kTypeNames)) {
      schema.fields.push_back({name, known->first});
    } else if (word == kOnlyNulls) {
      schema.fields.push_back({.name = name, .only_nulls = true});
    } else {
      schema.unusable.push_back({name, word});
    }
  }
  return schema;
}

}  // namespace retrain::data
