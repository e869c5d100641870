#include "retrain/model/mlp/layout.h"

#include <numeric>
#include <utility>

#include "retrain/base/result.h"
#include "retrain/model/mlp/kernels/kernels.h"

namespace retrain::model::mlp {
namespace {

std::int64_t RoundUp(std::int64_t width) { return (width + kWidthStep - 1) / kWidthStep * kWidthStep; }

}  // namespace

Layout::Layout(Shape sizes) : shape(std::move(sizes)) {
  RETRAIN_ALWAYS(!shape.hidden.empty());
  for (const auto units : shape.hidden) widths.push_back(RoundUp(units));
  embedding_inputs = RoundUp(static_cast<std::int64_t>(shape.embedded.size()) * kEmbeddingWidth);
  dense_inputs = embedding_inputs + shape.numbers + static_cast<std::int64_t>(shape.nullable.size());
  output_width = shape.outputs == 1 ? 1 : RoundUp(shape.outputs);

  direct_rows = embedding_rows = 0;
  for (const auto rows : shape.direct)
    first_row.push_back(static_cast<std::uint32_t>(std::exchange(direct_rows, direct_rows + rows)));
  for (const auto rows : shape.embedded)
    first_row.push_back(static_cast<std::uint32_t>(std::exchange(embedding_rows, embedding_rows + rows)));

  std::int64_t at = RoundUp(embedding_rows * kEmbeddingWidth);
  const auto take = [&at](std::int64_t floats) { return std::exchange(at, at + RoundUp(floats)); };
  direct = take(direct_rows * widths[0]);
  weights.push_back(take(dense_inputs * widths[0]));
  for (std::size_t layer = 1; layer < widths.size(); ++layer)
    weights.push_back(take(widths[layer - 1] * widths[layer]));
  weights.push_back(take(widths.back() * output_width));
  for (const auto width : widths) biases.push_back(take(width));
  biases.push_back(take(output_width));
  size = at;
}

}  // namespace retrain::model::mlp
