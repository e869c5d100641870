#include <algorithm>

#include <fmt/format.h>

#include "retrain/data/checks.h"

namespace retrain::data {

Status CheckSchema(const Schema& found, const Roles& roles, const std::string& file, Use use) {
  std::vector<Error> errors;
  const auto require = [&](const std::string& name) {
    const Field* field = name.empty() ? nullptr : found.Find(name);
    if (field == nullptr && !name.empty()) {
      errors.push_back(MissingColumn(found, name, file, name));
      errors.back().where.file = file;
    }
    return field;
  };
  for (const Field& feature : roles.features) {
    const Field* field = require(feature.name);
    if (field == nullptr || CanReadAs(field->type, feature.type)) continue;
    errors.push_back({.code = "E0204",
                      .message = fmt::format("column `{}` of {} is {}, it was {}", feature.name, file,
                                             Name(field->type), Name(feature.type)),
                      .where = {.file = file, .key = feature.name},
                      .hint = "write it with its former type, or start anew with `retrain run full`"});
  }
  if (use != Use::kPrediction) require(roles.target);
  if (use == Use::kTraining) {
    for (const auto& name : {roles.time, roles.id, roles.weight}) {
      const bool is_feature = std::ranges::find(roles.features, name, &Field::name) != roles.features.end();
      const Field* field = is_feature ? nullptr : require(name);
      if (field == nullptr || name != roles.weight ||
          (field->type != ColumnType::kText && field->type != ColumnType::kTime))
        continue;
      errors.push_back(
          {.code = "E0204",
           .message = fmt::format("weight `{}` of {} is {}, a weight is a number", name, file, Name(field->type)),
           .where = {.file = file, .key = name}});
    }
  }
  return errors.empty() ? Ok() : Status(AllInOne(std::move(errors)));
}

}  // namespace retrain::data
