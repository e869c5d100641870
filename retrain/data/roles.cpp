#include "retrain/data/roles.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::data {
namespace {

constexpr std::pair<Task, std::string_view> kTaskNames[] = {
    {Task::kBinary, "binary"}, {Task::kMulticlass, "multiclass"}, {Task::kRegression, "regression"}};

bool SameInAnyCase(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

bool Contains(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

// pandas writes the index of a filtered table as a column of this name: a row number, which must not be learned.
bool IsPandasIndex(std::string_view name) { return name.starts_with("__index_level_"); }

// Fills in the roles one by one and gathers what is wrong on the way.
class Resolver {
 public:
  Resolver(const DataOptions& options, const Schema& schema) : options_(options), schema_(schema) {}

  Result<Roles> Resolve() {
    ResolveTarget();
    ResolveNamed("time_column", options_.time_column, roles_.time);
    ResolveNamed("id_column", options_.id_column, roles_.id);
    ResolveNamed("weight", options_.weight, roles_.weight);
    CheckWeight();
    for (const auto& name : options_.exclude) Require("exclude", name);
    CheckNamedFeatures();
    for (const Field& field : schema_.fields) {
      if (IsFeature(field)) roles_.features.push_back({field.name, field.type});
    }
    CheckCategorical();
    if (roles_.features.empty() && errors_.empty()) {
      Fail("E0211", "features", "no column is left to learn from",
           "name some in data_config.features, or exclude fewer");
    }
    if (errors_.empty()) return std::move(roles_);
    return AllInOne(std::move(errors_));
  }

 private:
  static std::string Key(std::string_view key) { return fmt::format("data_config.{}", key); }

  void Fail(std::string_view code, std::string_view key, std::string message, std::string hint) {
    errors_.push_back(
        {.code = code, .message = std::move(message), .where = {.key = Key(key)}, .hint = std::move(hint)});
  }

  bool Require(std::string_view key, const std::string& name) {
    if (schema_.Find(name) != nullptr) return true;
    // To exclude a list or a struct is to say what happens anyway.
    if (key == "exclude" && std::ranges::find(schema_.unusable, name, &UnusableField::name) != schema_.unusable.end())
      return true;
    errors_.push_back(MissingColumn(schema_, name, "the data", Key(key)));
    return false;
  }

  void ResolveTarget() {
    if (options_.target) {
      if (Require("target", *options_.target)) roles_.target = *options_.target;
      return;
    }
    for (const bool any_case : {false, true}) {
      for (const std::string_view usual : {"target", "label", "y"}) {
        for (const Field& field : schema_.fields) {
          if (field.name == usual || (any_case && SameInAnyCase(field.name, usual))) {
            roles_.target = field.name;
            return;
          }
        }
      }
    }
    Fail(
        "E0210", "target",
        fmt::format("no target is named, and no column is called target, label or y; the columns are {}",
                    ListNames(schema_.Names(), 50)),
        fmt::format("name it: data_config.target: {}", schema_.fields.empty() ? "COLUMN" : schema_.fields.back().name));
  }

  void ResolveNamed(std::string_view key, const std::optional<std::string>& name, std::string& role) {
    if (!name || !Require(key, *name)) return;
    for (const std::string* taken : {&roles_.target, &roles_.time, &roles_.id}) {
      if (*taken == *name) {
        Fail("E0211", key, fmt::format("column `{}` is the {} already", *name, RoleOf(*name)),
             "name another column, or leave the key out");
        return;
      }
    }
    role = *name;
  }

  std::string_view RoleOf(const std::string& name) const {
    if (name == roles_.target) return "target";
    if (name == roles_.time) return "time";
    if (name == roles_.id) return "id";
    return name == roles_.weight ? "weight" : "";
  }

  void CheckWeight() {
    if (roles_.weight.empty()) return;
    const ColumnType type = schema_.Find(roles_.weight)->type;
    if (type == ColumnType::kText || type == ColumnType::kTime) {
      Fail("E0211", "weight", fmt::format("column `{}` holds {}, a weight is a number", roles_.weight, Name(type)),
           "name a column of numbers");
    }
  }

  void CheckNamedFeatures() {
    for (const auto& name : options_.features) {
      if (!Require("features", name)) continue;
      const auto role = RoleOf(name);
      if (role == "target" || role == "weight") {
        Fail("E0211", "features", fmt::format("column `{}` is the {}, it cannot be a feature too", name, role),
             "remove it from features");
      } else if (Contains(options_.exclude, name)) {
        Fail("E0211", "features", fmt::format("column `{}` is named in features and in exclude", name),
             "remove it from one of the two");
      }
    }
  }

  // A time or id that features name besides is a feature too; by itself it is none.
  bool IsFeature(const Field& field) const {
    if (!options_.features.empty()) return Contains(options_.features, field.name);
    return RoleOf(field.name).empty() && !Contains(options_.exclude, field.name) && field.type != ColumnType::kTime &&
           !IsPandasIndex(field.name);
  }

  void CheckCategorical() {
    for (const auto& name : options_.categorical) {
      if (!Require("categorical", name)) continue;
      const auto feature = std::ranges::find(roles_.features, name, &Field::name);
      if (feature == roles_.features.end()) {
        Fail("E0211", "categorical", fmt::format("column `{}` is no feature, so it cannot be a categorical one", name),
             "remove it from categorical");
      } else if (feature->type == ColumnType::kTime) {
        Fail("E0211", "categorical", fmt::format("column `{}` holds times, which are no categories", name),
             "remove it from categorical");
      }
    }
    for (const Field& field : roles_.features) {
      if (field.type == ColumnType::kText || field.type == ColumnType::kBoolean ||
          Contains(options_.categorical, field.name)) {
        roles_.categorical.push_back(field.name);
      }
    }
  }

  const DataOptions& options_;
  const Schema& schema_;
  Roles roles_;
  std::vector<Error> errors_;
};

}  // namespace

std::string_view Name(Task task) {
  for (const auto& [known, name] : kTaskNames) {
    if (known == task) return name;
  }
  Bug("a task without a name", __FILE__, __LINE__);
}

Result<Task> TaskFromName(std::string_view name) {
  for (const auto& [task, known] : kTaskNames) {
    if (known == name) return task;
  }
  return Error{.code = "E0102",
               .message = fmt::format("`{}` is no task", name),
               .where = {.key = "data_config.task"},
               .hint = "write binary, multiclass or regression"};
}

Result<Roles> ResolveRoles(const DataOptions& options, const Schema& schema) {
  return Resolver(options, schema).Resolve();
}

Json ToJson(const Roles& roles) {
  Json categorical = Json::MakeArray();
  for (const auto& name : roles.categorical) categorical.Append(name);
  Json json = Json::MakeObject();
  json.Set("target", roles.target).Set("time", roles.time).Set("id", roles.id).Set("weight", roles.weight);
  json.Set("features", ToJson(Schema{roles.features})).Set("categorical", std::move(categorical));
  return json;
}

Result<Roles> RolesFromJson(const Json& json) {
  TRY(auto features, SchemaFromJson(json["features"]));
  if (!features.unusable.empty()) {
    return Error{.code = "E0302",
                 .message = fmt::format("feature `{}` has an unknown type", features.unusable.front().name)};
  }
  Roles roles{.target = json["target"].AsString(),
              .time = json["time"].AsString(),
              .id = json["id"].AsString(),
              .weight = json["weight"].AsString(),
              .features = std::move(features.fields)};
  for (const Json& name : json["categorical"].items()) roles.categorical.push_back(name.AsString());
  return roles;
}

}  // namespace retrain::data
