#include "retrain/pipeline/importance.h"

#include <algorithm>
#include <numeric>

#include "retrain/base/shuffle.h"
#include "retrain/eval/comparison.h"

namespace retrain::pipeline {
namespace {

Result<double> LossOn(const model::Model& model, const data::Frame& rows, const eval::Truth& truth) {
  TRY(const auto scores, model.Predict(rows));
  const bool is_value = truth.labels.task == data::Task::kRegression;
  TRY(const auto loss,
      eval::Evaluate(is_value ? eval::Metric::kRmse : eval::Metric::kLogLoss, truth, {scores.outputs, scores.values}));
  return is_value ? loss.value * loss.value : loss.value;
}

std::vector<std::size_t> Shuffled(std::int64_t rows, Rng& rng) {
  std::vector<std::size_t> order(static_cast<std::size_t>(rows));
  std::iota(order.begin(), order.end(), std::size_t{0});
  Shuffle(std::span(order), rng);
  return order;
}

template <class T>
std::vector<T> Deal(std::span<const T> values, const std::vector<std::size_t>& order) {
  std::vector<T> dealt;
  dealt.reserve(values.size());
  for (const std::size_t from : order) dealt.push_back(values[from]);
  return dealt;
}

// The same rows, but the values of one column come from other rows. Borrows `rows`.
data::Frame DealtAnew(const data::Frame& rows, std::string_view name, const std::vector<std::size_t>& order) {
  struct Storage {
    std::vector<double> numbers;
    std::vector<std::int32_t> codes;
  };
  auto storage = std::make_shared<Storage>();
  std::vector<data::Column> columns;
  for (std::size_t i = 0; i < rows.schema().fields.size(); ++i) {
    data::Column column = rows.column(i);
    if (rows.schema().fields[i].name == name && column.type == data::ColumnType::kText) {
      storage->codes = Deal(column.codes, order);
      column.codes = storage->codes;
    } else if (rows.schema().fields[i].name == name) {
      storage->numbers = Deal(column.numbers, order);
      column.numbers = storage->numbers;
    }
    columns.push_back(column);
  }
  return {rows.schema(), std::move(columns), rows.rows(), std::move(storage)};
}

}  // namespace

Result<std::vector<double>> ImportanceOf(const model::Model& model, const train::LabelledRows& rows,
                                         std::uint64_t seed) {
  const auto& contract = model.contract();
  const eval::Truth truth{.labels = contract.labels,
                          .values = {rows.targets.begin(), rows.targets.end()},
                          .weights = {rows.weights.begin(), rows.weights.end()}};
  TRY(const double before, LossOn(model, rows.rows, truth));
  Rng rng(seed);
  std::vector<double> gains;
  for (const auto& feature : contract.roles.features) {
    TRY(const double after, LossOn(model, DealtAnew(rows.rows, feature.name, Shuffled(rows.rows.rows(), rng)), truth));
    gains.push_back(std::max(0.0, after - before));
  }
  const double sum = std::accumulate(gains.begin(), gains.end(), 0.0);
  if (sum == 0) return std::vector<double>();
  for (double& gain : gains) gain /= sum;
  return gains;
}

std::int64_t RowsForImportance(std::int64_t features) {
  constexpr std::int64_t kValues = 20'000'000;
  return std::clamp<std::int64_t>(kValues / std::max<std::int64_t>(1, features * features), 200, 4'000);
}

}  // namespace retrain::pipeline
