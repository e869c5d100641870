#include "retrain/train/mlp/growth.h"

#include <algorithm>
#include <cmath>

#include "retrain/base/random.h"

namespace retrain::train::mlp {
namespace {

using model::mlp::Floats;
using model::mlp::kEmbeddingWidth;
using model::mlp::Layout;

constexpr double kNewLevelNoise = 0.01;  // standard deviation

// Noise in the first `units` of `width` places of each row; the places beyond stay 0.
void FillRows(float* rows, std::int64_t count, std::int64_t width, std::int64_t units, double deviation, Rng& rng) {
  for (std::int64_t row = 0; row < count; ++row) {
    for (std::int64_t j = 0; j < units; ++j) rows[row * width + j] = static_cast<float>(deviation * rng.Normal());
  }
}

// The table of one category within a layout.
struct Table {
  std::int64_t begin;  // in floats
  std::int64_t rows;
  std::int64_t width;
  std::int64_t units;
};

std::vector<Table> TablesOf(const Layout& layout) {
  std::vector<Table> tables;
  const auto direct = layout.shape.direct.size();
  for (std::size_t c = 0; c < layout.first_row.size(); ++c) {
    const bool embedded = c >= direct;
    const std::int64_t width = embedded ? kEmbeddingWidth : layout.widths[0];
    tables.push_back({.begin = (embedded ? layout.embeddings : layout.direct) + layout.first_row[c] * width,
                      .rows = embedded ? layout.shape.embedded[c - direct] : layout.shape.direct[c],
                      .width = width,
                      .units = embedded ? kEmbeddingWidth : layout.shape.hidden[0]});
  }
  return tables;
}

void StartHeadBias(const Layout& layout, const model::mlp::EncodedRows& rows, data::Task task, float* bias) {
  if (task == data::Task::kRegression) return;
  std::vector<double> counts(task == data::Task::kBinary ? 2 : static_cast<std::size_t>(layout.shape.outputs),
                             1.0);  // one of each more: no class has share 0
  for (const float label : rows.labels) counts[static_cast<std::size_t>(label)] += 1;
  if (task == data::Task::kBinary) {
    bias[0] = static_cast<float>(std::log(counts[1] / counts[0]));
    return;
  }
  for (std::size_t c = 0; c < counts.size(); ++c)
    bias[c] = static_cast<float>(std::log(counts[c] / static_cast<double>(rows.rows + layout.shape.outputs)));
}

}  // namespace

Parameters FreshParameters(const Layout& layout, const model::mlp::EncodedRows& rows, data::Task task,
                           std::uint64_t seed) {
  const auto size = static_cast<std::size_t>(layout.size);
  Parameters fresh{.weights = Floats(size), .mean = Floats(size), .square = Floats(size)};
  Rng rng(DeriveSeed(seed, "weights"));
  const auto& shape = layout.shape;
  const auto embeddings = static_cast<std::int64_t>(shape.embedded.size()) * kEmbeddingWidth;
  const auto inputs =
      embeddings + layout.dense_inputs - layout.embedding_inputs + static_cast<std::int64_t>(shape.direct.size());
  const double first = std::sqrt(2.0 / static_cast<double>(std::max(std::int64_t{1}, inputs)));
  for (const auto& table : TablesOf(layout)) {
    const double deviation = table.width == kEmbeddingWidth ? 1.0 : first;
    FillRows(fresh.weights.data() + table.begin + table.width, table.rows - 1, table.width, table.units, deviation,
             rng);
  }
  float* dense = fresh.weights.data() + layout.weights[0];
  FillRows(dense, embeddings, layout.widths[0], shape.hidden[0], first, rng);
  FillRows(dense + layout.embedding_inputs * layout.widths[0], layout.dense_inputs - layout.embedding_inputs,
           layout.widths[0], shape.hidden[0], first, rng);
  for (std::size_t layer = 1; layer < layout.widths.size(); ++layer) {
    FillRows(fresh.weights.data() + layout.weights[layer], shape.hidden[layer - 1], layout.widths[layer],
             shape.hidden[layer], std::sqrt(2.0 / shape.hidden[layer - 1]), rng);
  }
  StartHeadBias(layout, rows, task, fresh.weights.data() + layout.head_bias());
  return fresh;
}

void ForgetGradients(Parameters& parameters) {
  std::fill(parameters.mean.begin(), parameters.mean.end(), 0.0F);
  std::fill(parameters.square.begin(), parameters.square.end(), 0.0F);
  parameters.steps = 0;
}

void RestartHead(const Layout& layout, const model::mlp::EncodedRows& rows, data::Task task, Parameters& parameters) {
  std::fill(parameters.weights.begin() + layout.head_begin(), parameters.weights.begin() + layout.bias_begin(), 0.0F);
  std::fill(parameters.weights.begin() + layout.head_bias(), parameters.weights.end(), 0.0F);
  StartHeadBias(layout, rows, task, parameters.weights.data() + layout.head_bias());
}

Parameters Transplant(const Parameters& from, const Layout& before, const Layout& after, std::uint64_t seed) {
  if (before == after) return from;
  const auto size = static_cast<std::size_t>(after.size);
  Parameters grown{.weights = Floats(size), .mean = Floats(size), .square = Floats(size), .steps = from.steps};
  const auto move = [&](std::int64_t old_begin, std::int64_t old_end, std::int64_t new_begin) {
    std::copy(from.weights.begin() + old_begin, from.weights.begin() + old_end, grown.weights.begin() + new_begin);
    std::copy(from.mean.begin() + old_begin, from.mean.begin() + old_end, grown.mean.begin() + new_begin);
    std::copy(from.square.begin() + old_begin, from.square.begin() + old_end, grown.square.begin() + new_begin);
  };
  const auto old_tables = TablesOf(before), new_tables = TablesOf(after);
  RETRAIN_ALWAYS(old_tables.size() == new_tables.size() && before.dense_inputs == after.dense_inputs &&
                 before.widths == after.widths);
  Rng rng(DeriveSeed(seed, "new levels"));
  for (std::size_t c = 0; c < old_tables.size(); ++c) {
    const auto& old = old_tables[c];
    const auto& table = new_tables[c];
    move(old.begin, old.begin + old.rows * old.width, table.begin);
    for (auto row = old.rows; row < table.rows; ++row) {
      for (std::int64_t j = 0; j < table.units; ++j) {
        grown.weights[table.begin + row * table.width + j] =
            from.weights[old.begin + j] + static_cast<float>(kNewLevelNoise * rng.Normal());
      }
    }
  }
  move(before.weights[0], before.head_begin(), after.weights[0]);
  move(before.bias_begin(), before.head_bias(), after.bias_begin());
  if (before.shape.outputs == after.shape.outputs) {
    move(before.head_begin(), before.bias_begin(), after.head_begin());
    move(before.head_bias(), before.size, after.head_bias());
  }
  return grown;
}

}  // namespace retrain::train::mlp
