#include "retrain/model/mlp/network.h"

#include <algorithm>

#include "retrain/base/random.h"

namespace retrain::model::mlp {

Pass::Pass(const Kernels& kernels, const Layout& layout, std::int64_t most_rows) : kernels_(kernels), layout_(layout) {
  const auto rows = static_cast<std::size_t>(most_rows);
  dense_row_ = (layout.dense_inputs + kWidthStep - 1) / kWidthStep * kWidthStep;
  dense_.resize(rows * static_cast<std::size_t>(dense_row_));
  direct_codes_.resize(rows * layout.shape.direct.size());
  embedding_codes_.resize(rows * layout.shape.embedded.size());
  std::int64_t widest = std::max(layout.output_width, layout.embedding_inputs);
  for (const auto width : layout.widths) {
    hidden_.emplace_back(rows * static_cast<std::size_t>(width));
    hidden_gradient_.emplace_back(rows * static_cast<std::size_t>(width));
    widest = std::max(widest, width);
  }
  outputs_.resize(rows * static_cast<std::size_t>(layout.output_width));
  output_gradient_.resize(outputs_.size());
  embedding_gradient_.resize(rows * static_cast<std::size_t>(layout.embedding_inputs));
  transposed_.resize(static_cast<std::size_t>(widest * widest));
  labels_.resize(rows);
  weights_.resize(rows);
}

namespace {

// Asks for the rows of a shuffled batch all at once: they lie far apart, and waiting for one after the other would cost
// as much as the arithmetic. Inline, or g++ 12 finds it to be without effect and leaves it out.
[[gnu::always_inline]] inline void Prefetch(const EncodedRows& table, const std::uint32_t* order, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int64_t row = order[i];
    const float* numbers = table.numbers.data() + row * table.numbers_per_row;
    for (std::int64_t j = 0; j < table.numbers_per_row; j += 16) __builtin_prefetch(numbers + j);
    __builtin_prefetch(numbers + table.numbers_per_row - 1);
    __builtin_prefetch(table.codes.data() + row * table.categories_per_row);
    __builtin_prefetch(table.labels.data() + row);
  }
}

}  // namespace

void Pass::Load(const EncodedRows& table, const std::uint32_t* order, std::int64_t first, std::int64_t count,
                const Noise& noise) {
  rows_ = count;
  noise_ = noise;
  const auto& shape = layout_.shape;
  if (order) Prefetch(table, order, count);
  LoadCodes(table, order, first);
  const DenseRows dense{.rows = count,
                        .numbers = table.numbers.data() + (order ? 0 : first * table.numbers_per_row),
                        .width = table.numbers_per_row,
                        .order = order,
                        .nullable = shape.nullable.data(),
                        .nullable_count = static_cast<std::int64_t>(shape.nullable.size()),
                        .out = dense_.data() + layout_.embedding_inputs,
                        .out_row = dense_row_};
  kernels_.dense_rows(&dense);
  weighted_ = !table.weights.empty();
  for (std::int64_t i = 0; i < count && !table.labels.empty(); ++i) {
    const auto row = order ? order[i] : first + i;
    labels_[i] = table.labels[row];
    if (weighted_) weights_[i] = table.weights[row];
  }
}

// The codes as rows of the two tables. A code falls to 0 by six bits of a hash of its row: 64 steps of probability.
void Pass::LoadCodes(const EncodedRows& table, const std::uint32_t* order, std::int64_t first) {
  const auto direct = static_cast<std::int64_t>(layout_.shape.direct.size());
  const auto embedded = static_cast<std::int64_t>(layout_.shape.embedded.size());
  const auto limit = static_cast<std::uint64_t>(noise_.code_dropout * 64);
  const std::uint32_t* first_row = layout_.first_row.data();
  std::uint32_t* into_direct = direct_codes_.data();
  std::uint32_t* into_embedding = embedding_codes_.data();
  Rng rng(noise_.seed);
  for (std::int64_t i = 0; i < rows_; ++i) {
    const std::uint16_t* codes = table.codes.data() + (order ? order[i] : first + i) * table.categories_per_row;
    std::uint64_t bits = 0;
    const auto row_of = [&](std::int64_t c) -> std::uint32_t {
      if (limit == 0) return first_row[c] + codes[c];
      bits = c % 10 == 0 ? rng.Next() : bits >> 6U;
      return first_row[c] + ((bits & 63U) < limit ? 0U : codes[c]);
    };
    for (std::int64_t c = 0; c < direct; ++c) *into_direct++ = row_of(c);
    for (std::int64_t c = direct; c < direct + embedded; ++c) *into_embedding++ = row_of(c);
  }
}

const float* Pass::Forward(const float* weights) {
  const auto embedded = static_cast<std::int64_t>(layout_.shape.embedded.size());
  if (embedded > 0) {
    for (std::int64_t i = 0; i < rows_; ++i)
      std::fill_n(dense_.data() + i * dense_row_, layout_.embedding_inputs, 0.0F);
    const CodedRows rows{.rows = rows_,
                         .columns = embedded,
                         .codes = embedding_codes_.data(),
                         .n = kEmbeddingWidth,
                         .column_step = kEmbeddingWidth};
    kernels_.gather(&rows, weights + layout_.embeddings, dense_.data(), dense_row_);
  }
  const auto direct = static_cast<std::int64_t>(layout_.shape.direct.size());
  for (std::size_t layer = 0; layer < layout_.widths.size(); ++layer) {
    const std::int64_t width = layout_.widths[layer];
    const float* bias = weights + layout_.biases[layer];
    const bool start = layer == 0 && direct > 0;  // the direct categories come first, then the dense inputs are added
    if (start) {
      for (std::int64_t i = 0; i < rows_; ++i) std::copy_n(bias, width, hidden_[0].data() + i * width);
      const CodedRows rows{
          .rows = rows_, .columns = direct, .codes = direct_codes_.data(), .n = width, .column_step = 0};
      kernels_.gather(&rows, weights + layout_.direct, hidden_[0].data(), width);
    }
    const Product product{.m = rows_,
                          .k = layer == 0 ? layout_.dense_inputs : layout_.widths[layer - 1],
                          .n = width,
                          .a = layer == 0 ? dense_.data() : hidden_[layer - 1].data(),
                          .a_row = layer == 0 ? dense_row_ : layout_.widths[layer - 1],
                          .a_step = 1,
                          .b = weights + layout_.weights[layer],
                          .b_row = width,
                          .c = hidden_[layer].data(),
                          .c_row = width,
                          .bias = start ? nullptr : bias,
                          .accumulate = start,
                          .relu = true};
    kernels_.multiply(&product);
    if (noise_.dropout > 0) {
      const auto seed = static_cast<std::uint32_t>(Rng(noise_.seed + layer + 1).Next());
      kernels_.dropout(rows_ * width, hidden_[layer].data(), seed, static_cast<float>(noise_.dropout), keep_scale());
    }
  }
  const auto& last = hidden_.back();
  if (layout_.output_width == 1) {
    const SingleHead head{.rows = rows_,
                          .n = layout_.widths.back(),
                          .h = last.data(),
                          .row = layout_.widths.back(),
                          .weights = weights + layout_.head_begin(),
                          .bias = weights + layout_.head_bias(),
                          .z = outputs_.data(),
                          .dh = nullptr,
                          .scale = 1,
                          .weight_gradient = nullptr,
                          .bias_gradient = nullptr,
                          .hidden_bias_gradient = nullptr};
    kernels_.head(&head);
  } else {
    const Product product{.m = rows_,
                          .k = layout_.widths.back(),
                          .n = layout_.output_width,
                          .a = last.data(),
                          .a_row = layout_.widths.back(),
                          .a_step = 1,
                          .b = weights + layout_.head_begin(),
                          .b_row = layout_.output_width,
                          .c = outputs_.data(),
                          .c_row = layout_.output_width,
                          .bias = weights + layout_.head_bias(),
                          .accumulate = false,
                          .relu = false};
    kernels_.multiply(&product);
  }
  return outputs_.data();
}

float Pass::keep_scale() const { return static_cast<float>(1 / (1 - noise_.dropout)); }

double Pass::OutputsBack(data::Task task, float scale) {
  const LossRows rows{.rows = rows_,
                      .outputs = outputs_.data(),
                      .output_row = layout_.output_width,
                      .classes = layout_.shape.outputs,
                      .labels = labels_.data(),
                      .weights = weighted_ ? weights_.data() : nullptr,
                      .scale = scale,
                      .gradient = output_gradient_.data()};
  switch (task) {
    case data::Task::kBinary: return kernels_.binary_loss(&rows);
    case data::Task::kMulticlass: return kernels_.softmax_loss(&rows);
    case data::Task::kRegression: return kernels_.squared_loss(&rows);
  }
  return 0;
}

double Pass::Backward(data::Task task, const float* weights, float scale, float* gradient) {
  const double loss = OutputsBack(task, scale);
  HeadBack(weights, gradient);
  for (std::size_t layer = layout_.widths.size() - 1; layer > 0; --layer) HiddenBack(layer, weights, gradient);
  InputsBack(weights, gradient);
  return loss;
}

void Pass::HeadBack(const float* weights, float* gradient) {
  const std::int64_t width = layout_.widths.back(), outputs = layout_.output_width;
  float* hidden_bias = gradient + layout_.biases[layout_.widths.size() - 1];
  if (outputs == 1) {
    const SingleHead head{.rows = rows_,
                          .n = width,
                          .h = hidden_.back().data(),
                          .row = width,
                          .weights = weights + layout_.head_begin(),
                          .bias = nullptr,
                          .z = output_gradient_.data(),
                          .dh = hidden_gradient_.back().data(),
                          .scale = keep_scale(),
                          .weight_gradient = gradient + layout_.head_begin(),
                          .bias_gradient = gradient + layout_.head_bias(),
                          .hidden_bias_gradient = hidden_bias};
    kernels_.head_back(&head);
    return;
  }
  const Product of_weights{.m = width,
                           .k = rows_,
                           .n = outputs,
                           .a = hidden_.back().data(),
                           .a_row = 1,
                           .a_step = width,
                           .b = output_gradient_.data(),
                           .b_row = outputs,
                           .c = gradient + layout_.head_begin(),
                           .c_row = outputs,
                           .bias = nullptr,
                           .accumulate = false,
                           .relu = false};
  kernels_.multiply(&of_weights);
  float* bias = gradient + layout_.head_bias();
  std::fill_n(bias, outputs, 0.0F);
  for (std::int64_t i = 0; i < rows_; ++i) {
    for (std::int64_t j = 0; j < outputs; ++j) bias[j] += output_gradient_[i * outputs + j];
  }
  kernels_.transpose(width, outputs, weights + layout_.head_begin(), outputs, transposed_.data(), width);
  const Product of_hidden{.m = rows_,
                          .k = outputs,
                          .n = width,
                          .a = output_gradient_.data(),
                          .a_row = outputs,
                          .a_step = 1,
                          .b = transposed_.data(),
                          .b_row = width,
                          .c = hidden_gradient_.back().data(),
                          .c_row = width,
                          .bias = nullptr,
                          .accumulate = false,
                          .relu = false};
  kernels_.multiply(&of_hidden);
  const ReluRows relu{.rows = rows_,
                      .n = width,
                      .h = hidden_.back().data(),
                      .dh = hidden_gradient_.back().data(),
                      .row = width,
                      .scale = keep_scale(),
                      .bias_gradient = hidden_bias};
  kernels_.relu_back(&relu);
}

// From hidden layer `layer` (its gradient is cut already) to the one below.
void Pass::HiddenBack(std::size_t layer, const float* weights, float* gradient) {
  const std::int64_t width = layout_.widths[layer], below = layout_.widths[layer - 1];
  const Product of_weights{.m = below,
                           .k = rows_,
                           .n = width,
                           .a = hidden_[layer - 1].data(),
                           .a_row = 1,
                           .a_step = below,
                           .b = hidden_gradient_[layer].data(),
                           .b_row = width,
                           .c = gradient + layout_.weights[layer],
                           .c_row = width,
                           .bias = nullptr,
                           .accumulate = false,
                           .relu = false};
  kernels_.multiply(&of_weights);
  kernels_.transpose(below, width, weights + layout_.weights[layer], width, transposed_.data(), below);
  const Product of_hidden{.m = rows_,
                          .k = width,
                          .n = below,
                          .a = hidden_gradient_[layer].data(),
                          .a_row = width,
                          .a_step = 1,
                          .b = transposed_.data(),
                          .b_row = below,
                          .c = hidden_gradient_[layer - 1].data(),
                          .c_row = below,
                          .bias = nullptr,
                          .accumulate = false,
                          .relu = false};
  kernels_.multiply(&of_hidden);
  const ReluRows relu{.rows = rows_,
                      .n = below,
                      .h = hidden_[layer - 1].data(),
                      .dh = hidden_gradient_[layer - 1].data(),
                      .row = below,
                      .scale = keep_scale(),
                      .bias_gradient = gradient + layout_.biases[layer - 1]};
  kernels_.relu_back(&relu);
}

void Pass::InputsBack(const float* weights, float* gradient) {
  const std::int64_t width = layout_.widths[0];
  const Product of_weights{.m = layout_.dense_inputs,
                           .k = rows_,
                           .n = width,
                           .a = dense_.data(),
                           .a_row = 1,
                           .a_step = dense_row_,
                           .b = hidden_gradient_[0].data(),
                           .b_row = width,
                           .c = gradient + layout_.weights[0],
                           .c_row = width,
                           .bias = nullptr,
                           .accumulate = false,
                           .relu = false};
  kernels_.multiply(&of_weights);
  std::fill(gradient + layout_.embeddings, gradient + layout_.weights[0], 0.0F);
  const auto direct = static_cast<std::int64_t>(layout_.shape.direct.size());
  if (direct > 0) {
    const CodedRows rows{.rows = rows_, .columns = direct, .codes = direct_codes_.data(), .n = width, .column_step = 0};
    kernels_.scatter(&rows, hidden_gradient_[0].data(), width, gradient + layout_.direct);
  }
  const auto embedded = static_cast<std::int64_t>(layout_.shape.embedded.size());
  if (embedded == 0) return;
  const std::int64_t inputs = layout_.embedding_inputs;
  kernels_.transpose(inputs, width, weights + layout_.weights[0], width, transposed_.data(), inputs);
  const Product of_inputs{.m = rows_,
                          .k = width,
                          .n = inputs,
                          .a = hidden_gradient_[0].data(),
                          .a_row = width,
                          .a_step = 1,
                          .b = transposed_.data(),
                          .b_row = inputs,
                          .c = embedding_gradient_.data(),
                          .c_row = inputs,
                          .bias = nullptr,
                          .accumulate = false,
                          .relu = false};
  kernels_.multiply(&of_inputs);
  const CodedRows rows{.rows = rows_,
                       .columns = embedded,
                       .codes = embedding_codes_.data(),
                       .n = kEmbeddingWidth,
                       .column_step = kEmbeddingWidth};
  kernels_.scatter(&rows, embedding_gradient_.data(), inputs, gradient + layout_.embeddings);
}

}  // namespace retrain::model::mlp
