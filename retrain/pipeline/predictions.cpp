#include "retrain/pipeline/predictions.h"

#include <algorithm>

#include <fmt/format.h>

namespace retrain::pipeline {
namespace {

Result<std::vector<data::NumberColumn>> Score(const model::Model& model, const data::ColumnTable& table) {
  auto columns = PredictionColumns(model.contract());
  std::vector<std::string> features;
  for (const auto& feature : model.contract().roles.features) {
    if (table.schema().Find(feature.name) == nullptr)
      return data::MissingColumn(table.schema(), feature.name, "the current table");
    features.push_back(feature.name);
  }
  TRY(const auto source, table.Open(features));
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) return columns;
    TRY(const auto scores, model.Predict(*frame));
    Append(scores, columns);
  }
}

}  // namespace

std::vector<data::NumberColumn> PredictionColumns(const model::Contract& contract) {
  const auto& features = contract.roles.features;
  const auto column = [&](std::string name) {
    while (std::ranges::find(features, name, &data::Field::name) != features.end()) name += '_';
    return data::NumberColumn{.name = std::move(name)};
  };
  if (contract.labels.task != data::Task::kMulticlass) return {column(std::string(kPrediction))};
  std::vector<data::NumberColumn> columns;
  for (const auto& name : contract.labels.classes) columns.push_back(column(fmt::format("{}:{}", kPrediction, name)));
  return columns;
}

void Append(const model::Predictions& scores, std::vector<data::NumberColumn>& columns) {
  const std::int64_t first = scores.outputs - std::ssize(columns);  // of two classes only the second
  for (std::int64_t row = 0; row < scores.rows; ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i)
      columns[i].values.push_back(scores.At(row, first + static_cast<std::int64_t>(i)));
  }
}

Result<drift::DriftReport> CheckWithModel(const drift::DriftDetector& detector, const model::Model& model,
                                          const data::ColumnTable& current, Parallel& parallel,
                                          const drift::Progress& progress) {
  const auto& reference = detector.profile().columns;
  if (std::ranges::none_of(reference, &drift::ColumnProfile::predicted))
    return detector.Check(current, parallel, progress);
  auto scores = Score(model, current);
  if (scores.ok()) return detector.Check(data::NumberColumns(std::move(scores).value(), &current), parallel, progress);
  const auto kind = scores.error().kind();
  if (kind != ErrorKind::kData && kind != ErrorKind::kModel) return std::move(scores).error();
  TRY(auto report, detector.Check(current, parallel, progress));
  for (auto& column : report.left_out) {
    const auto* known = detector.profile().Find(column.name);
    if (known != nullptr && known->predicted)
      column.reason = fmt::format("the model cannot score these rows: {}", scores.error().message);
  }
  return report;
}

}  // namespace retrain::pipeline
