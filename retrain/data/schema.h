#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "retrain/base/json.h"

namespace retrain::data {

// What a column holds, as far as learning cares. Files of any width and unit map to these five.
enum class ColumnType { kNumber, kInteger, kBoolean, kText, kTime };

std::string_view Name(ColumnType type);                  // "number", "integer", "boolean", "text", "time"
Result<ColumnType> TypeFromName(std::string_view name);  // E0302

struct Field {
  std::string name;
  ColumnType type = ColumnType::kNumber;
  bool only_nulls = false;  // no value tells its type: it can be read as any

  bool operator==(const Field&) const = default;
};

// A column that cannot take part: a list, a struct, a map. Frames do not have it.
struct UnusableField {
  std::string name;
  std::string kind;  // what it is, in the words of its file: "list<item: double>"

  bool operator==(const UnusableField&) const = default;
};

// The columns of a table, in their order. No name stands twice.
struct Schema {
  std::vector<Field> fields;
  std::vector<UnusableField> unusable = {};  // remembered, so that an error can say why a name is no column

  const Field* Find(std::string_view name) const;  // null: no such column
  std::vector<std::string> Names() const;          // of `fields`

  bool operator==(const Schema&) const = default;
};

// A value of type `from` can be read as `to`: the same type, or integer and number, which Frames hold alike. Whether a
// number that is read as an integer is a whole one is a matter of its value, which CheckTraining looks at.
bool CanReadAs(ColumnType from, ColumnType to);

// The types that hold both tables: an integer column of `schema` becomes a number when `other` has it as one, and a
// column of nothing but nulls becomes what it is in `other`.
void Widen(Schema& schema, const Schema& other);

// "column `dep_dely` is not in feb.parquet (9 columns)" with the near name as its hint; for an unusable column it says
// what it is. E0203. `table` names the file or table; `key` the setting that named the column, or is empty.
Error MissingColumn(const Schema& schema, std::string_view name, std::string_view table, std::string_view key = {});

Json ToJson(const Schema& schema);                // {"name": "type", …}, "null" for only nulls; unusable columns last
Result<Schema> SchemaFromJson(const Json& json);  // E0302; a type that is none of the five is an unusable column

}  // namespace retrain::data
