#pragma once

#include <optional>
#include <string>
#include <vector>

#include "retrain/data/schema.h"

namespace retrain::data {

enum class Task { kBinary, kMulticlass, kRegression };

std::string_view Name(Task task);  // "binary", "multiclass", "regression"
Result<Task> TaskFromName(std::string_view name);

// The user's `data_config`, as far as it names columns and files. Empty optional or list: derived from the data.
struct DataOptions {
  std::string new_data_path;                 // folder, file or glob
  std::string validation_data;               // folder, file or glob
  std::vector<std::string> historical_data;  // folders, files or globs; read before the new data
  std::int64_t min_new_samples = 1000;       // rows
  std::optional<std::string> target;
  std::optional<std::string> time_column;
  std::optional<std::string> id_column;
  std::optional<std::string> weight;
  std::optional<std::string> positive_class;
  std::optional<Task> task;
  std::vector<std::string> features;  // empty: all that have no other role
  std::vector<std::string> exclude;
  std::vector<std::string> categorical;  // numbers to be read as categories

  bool operator==(const DataOptions&) const = default;
};

// Which column plays which part: resolved from DataOptions and a schema, kept with every version, and the contract
// that later data are held against.
struct Roles {
  std::string target = {};
  std::string time = {};                      // empty: none; rows keep the order of their files
  std::string id = {};                        // empty: none
  std::string weight = {};                    // empty: all rows weigh 1
  std::vector<Field> features = {};           // in the order of the schema
  std::vector<std::string> categorical = {};  // of `features`: those read as categories (all kText and kBoolean are)

  bool operator==(const Roles&) const = default;
};

// Without a target in the options it is the column named target, label or y (as written, else in any case). Features
// that are not named are all columns that have no other role and are not excluded, times and pandas' index columns
// (__index_level_0__) left out; time, id and weight are only what the options name.
// E0210 without a target (lists the columns), E0203 for a name that is no column (near name), E0211 for one that
// cannot play its part (a text column as weight, the target as feature). All errors at once, in Error::more.
Result<Roles> ResolveRoles(const DataOptions& options, const Schema& schema);

Json ToJson(const Roles& roles);
Result<Roles> RolesFromJson(const Json& json);

// What the target holds, and how its values become numbers for learning: see labels.h.
struct Labels {
  Task task = Task::kBinary;
  std::vector<std::string> classes;     // by code; binary: classes[1] is the positive one; regression: empty
  ColumnType type = ColumnType::kText;  // of the target: what a class is given back as

  bool operator==(const Labels&) const = default;
};

}  // namespace retrain::data
