#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/json.h"

namespace retrain::data {

// What a column holds, as far as learning cares. Files of any width and unit map to these five.
enum class ColumnType { kNumber, kInteger, kBoolean, kText, kTime };

std::string_view Name(ColumnType type);  // "number", "integer", "boolean", "text", "time"

struct Field {
  std::string name;
  ColumnType type = ColumnType::kNumber;

  bool operator==(const Field&) const = default;
};

// The columns of a table, in their order.
struct Schema {
  std::vector<Field> fields;

  const Field* Find(std::string_view name) const;  // null: no such column
  std::vector<std::string> Names() const;

  bool operator==(const Schema&) const = default;
};

Json ToJson(const Schema& schema);                       // {"name": "type", …}
Result<Schema> SchemaFromJson(const Json& json);         // E0302

}  // namespace retrain::data
