#pragma once

#include <cstdint>
#include <vector>

namespace retrain::model::mlp {

// The sizes of a network. Layers: inputs, hidden ReLU layers, linear outputs.
struct Shape {
  std::int32_t numbers = 0;            // numeric inputs
  std::vector<std::int32_t> nullable;  // those of them that have a 0/1 input "missing" besides
  std::vector<std::int32_t> direct;    // rows (levels + 1) of each category whose levels are inputs of their own
  std::vector<std::int32_t> embedded;  // rows of each category that is embedded in kEmbeddingWidth numbers first
  std::vector<std::int32_t> hidden;    // units
  std::int32_t outputs = 1;            // 1: a logit or a value; else a logit a class

  bool operator==(const Shape&) const = default;
};

// Where each part of a network stands in one flat array of parameters; Adam's two moments are laid out the same way.
// Widths are rounded up to kWidthStep: the units beyond have weight 0 and keep it. Offsets are in floats.
//
//   embeddings | first layer: rows of direct levels, rows of dense inputs | further layers | head | biases
//
// The dense inputs are the embeddings, the numbers and the missing-indicators, in this order.
struct Layout {
  explicit Layout(Shape shape);

  Shape shape;
  std::vector<std::int64_t> widths;  // of the hidden layers, rounded up
  std::int64_t embedding_inputs;     // dense inputs that are embeddings, rounded up
  std::int64_t dense_inputs;
  std::int64_t output_width;  // 1, or the outputs rounded up

  std::int64_t direct_rows;              // of all direct categories
  std::int64_t embedding_rows;           // of all embedded ones
  std::vector<std::uint32_t> first_row;  // of each category, direct ones first, within its table
  std::int64_t embeddings = 0;
  std::int64_t direct;
  std::vector<std::int64_t> weights;  // [layer][input][unit]; the first: its dense inputs; the last: the head
  std::vector<std::int64_t> biases;   // of each hidden layer and the head
  std::int64_t head_begin() const { return weights.back(); }
  std::int64_t bias_begin() const { return biases.front(); }  // weight decay ends here
  std::int64_t head_bias() const { return biases.back(); }
  std::int64_t size;

  bool operator==(const Layout&) const = default;
};

}  // namespace retrain::model::mlp
