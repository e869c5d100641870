#include "retrain/pipeline/state.h"

#include <fmt/format.h>

namespace retrain::pipeline {

Result<State> StateFromName(std::string_view name) {
  for (const auto& row : kStates) {
    if (row.name == name) return row.state;
  }
  return Error{.code = "E0502", .message = fmt::format("a run is in the unknown state `{}`", name)};
}

}  // namespace retrain::pipeline
