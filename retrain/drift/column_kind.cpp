#include "retrain/drift/column_kind.h"

#include <fmt/format.h>

namespace retrain::drift {

std::string_view Name(ColumnKind kind) { return kind == ColumnKind::kNumeric ? "numeric" : "categorical"; }

Result<ColumnKind> ColumnKindFromName(std::string_view name) {
  for (const auto kind : {ColumnKind::kNumeric, ColumnKind::kCategorical}) {
    if (Name(kind) == name) return kind;
  }
  return Error{.code = "E0302", .message = fmt::format("there is no kind of column `{}`", name)};
}

}  // namespace retrain::drift
