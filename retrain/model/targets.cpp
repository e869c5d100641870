#include "retrain/model/targets.h"

#include <cmath>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/data/labels.h"

namespace retrain::model {
namespace {

Status AppendWeights(const Contract& contract, const data::Frame& rows, std::int64_t first_row,
                     std::vector<double>& weights) {
  TRY(const auto* column, RequireColumn(rows, contract.roles.weight));
  for (std::int64_t row = 0; row < rows.rows(); ++row) {
    const double weight = column->type == data::ColumnType::kText ? NAN : column->numbers[row];
    if (!std::isfinite(weight) || weight < 0) {
      return Error{.code = "E0215",
                   .message = fmt::format("the weight `{}` of row {} is negative, null or infinite",
                                          contract.roles.weight, first_row + row),
                   .where = {.key = contract.roles.weight, .row = first_row + row}};
    }
    weights.push_back(weight);
  }
  return Ok();
}

}  // namespace

Status AppendTargets(const Contract& contract, const data::Frame& rows, std::int64_t first_row,
                     std::vector<double>& targets, std::vector<double>& weights) {
  TRY(const auto* column, RequireColumn(rows, contract.roles.target));
  TRY(const auto coded, data::CodeLabels(*column, contract.labels, {.key = contract.roles.target, .row = first_row}));
  targets.insert(targets.end(), coded.begin(), coded.end());
  if (contract.roles.weight.empty()) return Ok();
  return AppendWeights(contract, rows, first_row, weights);
}

Result<const data::Column*> RequireColumn(const data::Frame& rows, std::string_view name) {
  if (const auto* column = rows.Find(name)) return column;
  const auto names = rows.schema().Names();
  const auto near = NearName(name, names);
  return Error{
      .code = "E0203",
      .message = fmt::format("column `{}` is not in the table ({} columns: {})", name, names.size(), ListNames(names)),
      .where = {.key = std::string(name)},
      .hint = near.empty() ? "" : fmt::format("is it `{}`?", near)};
}

}  // namespace retrain::model
