// Compiled once for each instruction set: see CMakeLists.txt. Includes nothing with inline functions of its own, so
// that no two copies can be mixed up by a linker.
#include "retrain/model/mlp/kernels/kernels.h"

#include "retrain/model/mlp/kernels/vector.h"

#ifndef RETRAIN_KERNEL_NAME
#define RETRAIN_KERNEL_NAME "generic"
#endif

namespace retrain::model::mlp {
namespace {

constexpr int kBlockRows = 6;
constexpr int kMostVectors = kLanes == 16 ? 4 : 2;  // of a row of c at once: what the registers hold

// R rows by C vectors of the product, held in registers while k runs.
template <int R, int C>
[[gnu::always_inline]] inline void Block(const Product& p, std::int64_t i, std::int64_t j) {
  V sum[R][C];
  for (int r = 0; r < R; ++r) {
    for (int c = 0; c < C; ++c) {
      const std::int64_t column = j + c * kLanes;
      sum[r][c] = p.bias ? Load(p.bias + column) : p.accumulate ? Load(p.c + (i + r) * p.c_row + column) : V{};
    }
  }
  const float* a = p.a + i * p.a_row;
  const float* b = p.b + j;
  for (std::int64_t k = 0; k < p.k; ++k, a += p.a_step, b += p.b_row) {
    V row[C];
    for (int c = 0; c < C; ++c) row[c] = Load(b + c * kLanes);
    for (int r = 0; r < R; ++r) {
      const float x = a[r * p.a_row];
      for (int c = 0; c < C; ++c) sum[r][c] += x * row[c];
    }
  }
  for (int r = 0; r < R; ++r) {
    for (int c = 0; c < C; ++c) {
      Store(p.c + (i + r) * p.c_row + j + c * kLanes, p.relu ? Positive(sum[r][c]) : sum[r][c]);
    }
  }
}

template <int C>
void Columns(const Product& p, std::int64_t j) {
  std::int64_t i = 0;
  for (; i + kBlockRows <= p.m; i += kBlockRows) Block<kBlockRows, C>(p, i, j);
  for (; i + 2 <= p.m; i += 2) Block<2, C>(p, i, j);
  for (; i < p.m; ++i) Block<1, C>(p, i, j);
}

void Multiply(const Product* p) {
  std::int64_t j = 0;
  for (; j + kMostVectors * kLanes <= p->n; j += kMostVectors * kLanes) Columns<kMostVectors>(*p, j);
  if constexpr (kMostVectors == 4) {
    if (j + 2 * kLanes <= p->n) {
      Columns<2>(*p, j);
      j += 2 * kLanes;
    }
    if (j < p->n) Columns<1>(*p, j);
  }
}

void Transpose(std::int64_t rows, std::int64_t columns, const float* in, std::int64_t in_row, float* out,
               std::int64_t out_row) {
  using Four = V4;
  for (std::int64_t r = 0; r < rows; r += 4) {
    if (rows - r < 4) {
      for (std::int64_t q = r; q < rows; ++q) {
        for (std::int64_t c = 0; c < columns; ++c) out[c * out_row + q] = in[q * in_row + c];
      }
      return;
    }
    for (std::int64_t c = 0; c < columns; c += 4) {
      Four row[4];
      for (int q = 0; q < 4; ++q) row[q] = LoadAs<Four>(in + (r + q) * in_row + c);
      const Four a = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5),
                 b = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
      const Four d = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7),
                 e = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
      StoreAs(out + c * out_row + r, __builtin_shufflevector(a, b, 0, 1, 4, 5));
      StoreAs(out + (c + 1) * out_row + r, __builtin_shufflevector(a, b, 2, 3, 6, 7));
      StoreAs(out + (c + 2) * out_row + r, __builtin_shufflevector(d, e, 0, 1, 4, 5));
      StoreAs(out + (c + 3) * out_row + r, __builtin_shufflevector(d, e, 2, 3, 6, 7));
    }
  }
}

// NaN as 0.
template <class T>
[[gnu::always_inline]] inline void StorePresent(const float* in, float* out) {
  const T x = LoadAs<T>(in);
  StoreAs(out, x == x ? x : T{});
}

void FillDenseRows(const DenseRows* d) {
  const std::int64_t width = d->width;
  for (std::int64_t i = 0; i < d->rows; ++i) {
    const float* in = d->numbers + static_cast<std::int64_t>(d->order ? d->order[i] : i) * width;
    float* out = d->out + i * d->out_row;
    if (width >= 8) {
      for (std::int64_t j = 0; j + 8 <= width; j += 8) StorePresent<V8>(in + j, out + j);
      StorePresent<V8>(in + width - 8, out + width - 8);  // the last eight once more, instead of a rest one by one
    } else {
      for (std::int64_t j = 0; j < width; ++j) out[j] = in[j] == in[j] ? in[j] : 0.0F;
    }
    for (std::int64_t j = 0; j < d->nullable_count; ++j) {
      const float x = in[d->nullable[j]];
      out[width + j] = x == x ? 0.0F : 1.0F;
    }
  }
}

void Gather(const CodedRows* g, const float* table, float* out, std::int64_t out_row) {
  for (std::int64_t i = 0; i < g->rows; ++i) {
    for (std::int64_t c = 0; c < g->columns; ++c) {
      const float* from = table + static_cast<std::int64_t>(g->codes[i * g->columns + c]) * g->n;
      float* into = out + i * out_row + c * g->column_step;
      for (std::int64_t j = 0; j < g->n; j += 8) StoreAs(into + j, LoadAs<V8>(into + j) + LoadAs<V8>(from + j));
    }
  }
}

void Scatter(const CodedRows* g, const float* gradient, std::int64_t gradient_row, float* table) {
  for (std::int64_t i = 0; i < g->rows; ++i) {
    for (std::int64_t c = 0; c < g->columns; ++c) {
      float* into = table + static_cast<std::int64_t>(g->codes[i * g->columns + c]) * g->n;
      const float* from = gradient + i * gradient_row + c * g->column_step;
      for (std::int64_t j = 0; j < g->n; j += 8) StoreAs(into + j, LoadAs<V8>(into + j) + LoadAs<V8>(from + j));
    }
  }
}

void ReluBack(const ReluRows* p) {
  for (std::int64_t j = 0; j < p->n; j += kLanes) {
    V sum{};
    for (std::int64_t i = 0; i < p->rows; ++i) {
      const V cut = Where(Load(p->h + i * p->row + j) > 0.0F, Load(p->dh + i * p->row + j) * p->scale);
      Store(p->dh + i * p->row + j, cut);
      sum += cut;
    }
    Store(p->bias_gradient + j, sum);
  }
}

void Head(const SingleHead* p) {
  for (std::int64_t i = 0; i < p->rows; ++i) {
    V sum{};
    for (std::int64_t j = 0; j < p->n; j += kLanes) sum += Load(p->h + i * p->row + j) * Load(p->weights + j);
    p->z[i] = Sum(sum) + *p->bias;
  }
}

void HeadBack(const SingleHead* p) {
  float bias = 0;
  for (std::int64_t i = 0; i < p->rows; ++i) bias += p->z[i];
  *p->bias_gradient = bias;
  for (std::int64_t j = 0; j < p->n; j += kLanes) {
    V weight{}, below{};
    const V w = Load(p->weights + j) * p->scale;
    for (std::int64_t i = 0; i < p->rows; ++i) {
      const V h = Load(p->h + i * p->row + j);
      const V cut = Where(h > 0.0F, p->z[i] * w);
      weight += p->z[i] * h;
      below += cut;
      Store(p->dh + i * p->row + j, cut);
    }
    Store(p->weight_gradient + j, weight);
    Store(p->hidden_bias_gradient + j, below);
  }
}

float WeightOf(const LossRows& p, std::int64_t row) { return p.weights ? p.weights[row] : 1.0F; }

double BinaryLoss(const LossRows* p) {
  double total = 0;
  for (std::int64_t begin = 0; begin < p->rows; begin += kLanes) {
    const auto count = p->rows - begin < kLanes ? p->rows - begin : kLanes;
    V z{}, y{}, w{};
    for (std::int64_t i = 0; i < count; ++i) {
      z[i] = p->outputs[begin + i];
      y[i] = p->labels[begin + i];
      w[i] = WeightOf(*p, begin + i);
    }
    const V e = Exp(z < 0.0F ? z : -z);  // e^-|z|
    const V positive = Where(z > 0.0F, z);
    total += static_cast<double>(Sum(w * (positive - y * z + Log1p(e))));
    const V share = (z < 0.0F ? e : V{} + 1.0F) / (e + 1.0F);
    const V gradient = p->scale * w * (share - y);
    for (std::int64_t i = 0; p->gradient && i < count; ++i) p->gradient[begin + i] = gradient[i];
  }
  return total;
}

double SoftmaxLoss(const LossRows* p) {
  double total = 0;
  for (std::int64_t i = 0; i < p->rows; ++i) {
    const float* z = p->outputs + i * p->output_row;
    const float of_label = z[static_cast<std::int64_t>(p->labels[i])];
    float largest = z[0];
    for (std::int64_t c = 1; c < p->classes; ++c) largest = z[c] > largest ? z[c] : largest;
    V sum{};
    for (std::int64_t c = 0; c < p->output_row; c += kLanes) {
      sum += Where(Lanes() + static_cast<float>(c) < static_cast<float>(p->classes), Exp(Load(z + c) - largest));
    }
    const float all = Sum(sum);
    total += static_cast<double>(WeightOf(*p, i)) * static_cast<double>(__builtin_logf(all) + largest - of_label);
    if (!p->gradient) continue;
    const float scale = p->scale * WeightOf(*p, i);
    float* gradient = p->gradient + i * p->output_row;
    for (std::int64_t c = 0; c < p->output_row; c += kLanes) {
      const V share =
          Exp(Load(z + c) - largest) / all - Where(Lanes() + static_cast<float>(c) == p->labels[i], V{} + 1.0F);
      Store(gradient + c, Where(Lanes() + static_cast<float>(c) < static_cast<float>(p->classes), share * scale));
    }
  }
  return total;
}

double SquaredLoss(const LossRows* p) {
  double total = 0;
  for (std::int64_t i = 0; i < p->rows; ++i) {
    const float error = p->outputs[i] - p->labels[i];
    total += 0.5 * static_cast<double>(WeightOf(*p, i)) * static_cast<double>(error) * static_cast<double>(error);
    if (p->gradient) p->gradient[i] = p->scale * WeightOf(*p, i) * error;
  }
  return total;
}

// Gradients and weights were written by whichever thread had them last: each line is asked for well before its turn, or
// the wait for the other processor's cache costs more than the rest of the step.
void Adam(const AdamStep* p) {
  constexpr std::int64_t kAhead = 512;                                   // floats
  const auto ask = [p](std::int64_t j) __attribute__((always_inline)) {  // inline, or g++ 12 finds it without effect
    if (j >= p->n) return;
    for (std::int64_t s = 0; s < p->shards; ++s) __builtin_prefetch(p->gradients[s] + p->offset + j);
    __builtin_prefetch(p->weights + j, 1);
  };
  for (std::int64_t j = 0; j < kAhead; j += kWidthStep) ask(j);
  for (std::int64_t j = 0; j < p->n; j += kLanes) {
    if (j % kWidthStep == 0) ask(j + kAhead);
    V g = Load(p->gradients[0] + p->offset + j);
    for (std::int64_t s = 1; s < p->shards; ++s) g += Load(p->gradients[s] + p->offset + j);
    const V mean = p->beta1 * Load(p->mean + j) + (1 - p->beta1) * g;
    const V square = p->beta2 * Load(p->square + j) + (1 - p->beta2) * g * g;
    Store(p->mean + j, mean);
    Store(p->square + j, square);
    Store(p->weights + j,
          Load(p->weights + j) * p->keep - p->rate * mean / (SquareRoot(square) * p->square_scale + p->epsilon));
  }
}

// Which values fall is a hash of the seed and the place (Wellons 2018, "lowbias32"): the same with any lanes.
void Dropout(std::int64_t n, float* values, std::uint32_t seed, float share, float scale) {
  const auto limit = static_cast<std::uint32_t>(share * 4294967040.0F);
  for (std::int64_t i = 0; i < n; ++i) {
    std::uint32_t x = static_cast<std::uint32_t>(i) * 0x9e3779b9U + seed;
    x = (x ^ (x >> 16U)) * 0x7feb352dU;
    x = (x ^ (x >> 15U)) * 0x846ca68bU;
    x ^= x >> 16U;
    values[i] = x < limit ? 0.0F : values[i] * scale;
  }
}

constexpr Kernels kTable = {
    kKernelVersion, RETRAIN_KERNEL_NAME, Multiply,    Transpose,   FillDenseRows, Gather, Scatter, ReluBack, Head,
    HeadBack,       BinaryLoss,          SoftmaxLoss, SquaredLoss, Adam,          Dropout};

}  // namespace
}  // namespace retrain::model::mlp

extern "C" __attribute__((visibility("default"))) const retrain::model::mlp::Kernels* retrain_mlp_kernels() {
  return &retrain::model::mlp::kTable;
}
