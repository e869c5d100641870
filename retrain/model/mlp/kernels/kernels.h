#pragma once

#include <cstdint>

namespace retrain::model::mlp {

// The arithmetic of the network, as plain C functions over rows of floats. One source, compiled once for each
// instruction set into a shared object of its own, so that no code of a newer processor can be reached on an older
// one. Matrices are row-major; a `…_row` is the distance between two rows in floats; widths `n` are multiples of
// kWidthStep unless a comment says otherwise. Same inputs, same bits; nothing allocates, nothing is kept. Thread-safe.
inline constexpr int kWidthStep = 16;
inline constexpr int kEmbeddingWidth = 8;
inline constexpr int kKernelVersion = 1;

// c[i][j] = start + Σ_k a[i * a_row + k * a_step] · b[k][j], for i < m, j < n. Start is `bias[j]`, else what c holds
// (accumulate), else 0; `relu` clamps the result at 0. A transposed `a` is one with a_row = 1.
struct Product {
  std::int64_t m, k, n;
  const float* a;
  std::int64_t a_row, a_step;
  const float* b;
  std::int64_t b_row;
  float* c;
  std::int64_t c_row;
  const float* bias;
  bool accumulate;
  bool relu;
};

// Rows of numbers out of a table, missing values (NaN) as 0 followed by one 0/1 column for each nullable one.
struct DenseRows {
  std::int64_t rows;
  const float* numbers;        // [.][width]
  std::int64_t width;          // any
  const std::uint32_t* order;  // which row of the table is row i; null: row i
  const std::int32_t* nullable;
  std::int64_t nullable_count;
  float* out;
  std::int64_t out_row;
};

// Rows of a weight table named by codes: column c of row i is row codes[i][c] of the table, and belongs to the values
// from c * column_step on. Width `n` is a multiple of 8.
struct CodedRows {
  std::int64_t rows, columns;
  const std::uint32_t* codes;  // [rows][columns]
  std::int64_t n, column_step;
};

// One step of Adam (Kingma and Ba 2015) with decoupled weight decay (Loshchilov and Hutter 2019) over `n` parameters;
// the gradient is the sum of `shards` buffers, taken in their order.
struct AdamStep {
  std::int64_t n;
  const float* const* gradients;
  std::int64_t shards;
  std::int64_t offset;  // into each gradient buffer
  float *weights, *mean, *square;
  float rate;          // learning rate / (1 - beta1^t)
  float square_scale;  // 1 / sqrt(1 - beta2^t)
  float beta1, beta2, epsilon;
  float keep;  // 1 - rate of decay
};

// Labels of some rows. The loss is Σ weight · loss(row); `gradient` gets scale · weight · dloss/doutput.
struct LossRows {
  std::int64_t rows;
  const float* outputs;  // [rows][output_row]
  std::int64_t output_row;
  std::int64_t classes;  // softmax only
  const float* labels;
  const float* weights;  // null: all 1
  float scale;
  float* gradient;  // laid out as outputs; may be the same memory; null: not wanted
};

// The gradient of a hidden layer through its ReLU: h tells which units were active, dh is cut in place, and the sums
// of its columns are the gradient of the bias. `scale` undoes dropout.
struct ReluRows {
  std::int64_t rows, n;
  const float* h;
  float* dh;
  std::int64_t row;
  float scale;
  float* bias_gradient;  // overwritten
};

// A head of one output: z = h · w + b, and back: dh cut by the ReLU of h, the gradients of w, b and the bias below.
struct SingleHead {
  std::int64_t rows, n;
  const float* h;
  std::int64_t row;
  const float* weights;
  const float* bias;
  float* z;   // forward: written; backward: read as dloss/dz
  float* dh;  // the rest: backward only
  float scale;
  float* weight_gradient;
  float* bias_gradient;
  float* hidden_bias_gradient;
};

struct Kernels {
  std::int32_t version;
  const char* name;  // "v4", "v3", "v2", "generic"
  void (*multiply)(const Product*);
  void (*transpose)(std::int64_t rows, std::int64_t columns, const float* in, std::int64_t in_row, float* out,
                    std::int64_t out_row);
  void (*dense_rows)(const DenseRows*);
  void (*gather)(const CodedRows*, const float* table, float* out, std::int64_t out_row);  // out += table rows
  void (*scatter)(const CodedRows*, const float* gradient, std::int64_t gradient_row, float* table);  // table += rows
  void (*relu_back)(const ReluRows*);
  void (*head)(const SingleHead*);
  void (*head_back)(const SingleHead*);
  double (*binary_loss)(const LossRows*);   // log loss of a logit; output_row is 1
  double (*softmax_loss)(const LossRows*);  // log loss of logits; columns beyond `classes` get gradient 0
  double (*squared_loss)(const LossRows*);  // half the squared error; output_row is 1
  void (*adam)(const AdamStep*);
  void (*dropout)(std::int64_t n, float* values, std::uint32_t seed, float share, float scale);  // n: any
};

}  // namespace retrain::model::mlp

// What a kernel library exports.
extern "C" const retrain::model::mlp::Kernels* retrain_mlp_kernels();
