#include "retrain/train/continuation.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "retrain/base/text.h"

namespace retrain::train {
namespace {

// The features of `these` that `those` lacks or holds with another type.
std::vector<std::string> Missing(const data::Roles& these, const data::Roles& those) {
  std::vector<std::string> names;
  for (const auto& field : these.features) {
    if (std::find(those.features.begin(), those.features.end(), field) == those.features.end())
      names.push_back(field.name);
  }
  return names;
}

}  // namespace

Error CannotStart(std::string message, std::string hint) {
  return Error{.code = "E0307", .message = std::move(message), .hint = std::move(hint)};
}

Status CheckSameInputs(const model::Contract& base, const model::Contract& job) {
  const auto& was = base.roles;
  const auto& is = job.roles;
  const auto lost = Missing(was, is), added = Missing(is, was);
  if (!lost.empty())
    return CannotStart(
        fmt::format("the champion reads {}, which the new data lack or hold with another type", ListNames(lost)));
  if (!added.empty())
    return CannotStart(
        fmt::format("the champion does not know {} ({} features)", ListNames(added), was.features.size()));
  if (was.categorical != is.categorical)
    return CannotStart("other columns are read as categories than the champion does");
  if (was.weight != is.weight)
    return CannotStart(fmt::format("the weight column was `{}`, it is `{}`", was.weight, is.weight));
  return Ok();
}

Status CheckSameLabels(const data::Labels& base, const data::Labels& job) {
  if (base == job) return Ok();
  if (base.task != job.task) {
    return CannotStart(
        fmt::format("the champion's task is {}, the new data's is {}", data::Name(base.task), data::Name(job.task)));
  }
  std::vector<std::string> fresh;
  for (const auto& name : job.classes) {
    if (std::find(base.classes.begin(), base.classes.end(), name) == base.classes.end()) fresh.push_back(name);
  }
  return CannotStart(fresh.empty() ? "the classes stand in another order than the champion's"
                                   : fmt::format("the champion does not know the class {}", ListNames(fresh)));
}

}  // namespace retrain::train
