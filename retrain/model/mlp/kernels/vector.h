#pragma once

// Vectors of floats as the compiler's own types, as wide as the instruction set has them. Included by kernels.cpp only.
namespace retrain::model::mlp {
namespace {

#if defined(__AVX512F__)
constexpr int kLanes = 16;
#elif defined(__AVX2__)
constexpr int kLanes = 8;
#else
constexpr int kLanes = 4;
#endif

typedef float V __attribute__((vector_size(kLanes * 4)));
typedef int IV __attribute__((vector_size(kLanes * 4)));
typedef float V4 __attribute__((vector_size(16)));
typedef float V8 __attribute__((vector_size(32)));

// From and to memory of any alignment.
template <class T>
[[gnu::always_inline]] inline T LoadAs(const float* from) {
  T values;
  __builtin_memcpy(&values, from, sizeof values);
  return values;
}
template <class T>
[[gnu::always_inline]] inline void StoreAs(float* into, T values) {
  __builtin_memcpy(into, &values, sizeof values);
}
[[gnu::always_inline]] inline V Load(const float* from) { return LoadAs<V>(from); }
[[gnu::always_inline]] inline void Store(float* into, V values) { StoreAs(into, values); }

// The values where the mask is set, else 0.
[[gnu::always_inline]] inline V Where(IV mask, V values) {
  return reinterpret_cast<V>(mask & reinterpret_cast<IV>(values));
}
[[gnu::always_inline]] inline V Positive(V x) { return Where(x > 0.0F, x); }

[[gnu::always_inline]] inline V Lanes() {  // 0, 1, 2, …
  V lanes{};
  for (int i = 0; i < kLanes; ++i) lanes[i] = static_cast<float>(i);
  return lanes;
}

[[gnu::always_inline]] inline float Sum(V values) {
  float sums[kLanes];
  for (int i = 0; i < kLanes; ++i) sums[i] = values[i];
  for (int half = kLanes / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; ++i) sums[i] += sums[i + half];
  }
  return sums[0];
}

[[gnu::always_inline]] inline V SquareRoot(V x) {
  for (int i = 0; i < kLanes; ++i) x[i] = __builtin_sqrtf(x[i]);
  return x;
}

// e^x for x in [-87, 88] (clamped to it), relative error below 2e-7: 2^n e^r with |r| <= ln 2 / 2, the polynomial of
// Moshier's Cephes `expf`.
[[gnu::always_inline]] inline V Exp(V x) {
  x = x < -87.0F ? V{} - 87.0F : x;
  x = x > 88.0F ? V{} + 88.0F : x;
  const V shifted = x * 1.44269504F + 12582912.0F;  // 1.5 · 2^23: rounds to the nearest whole number
  const V n = shifted - 12582912.0F;
  const V r = (x - n * 0.693359375F) + n * 2.12194440e-4F;
  V p = r * 1.9875691500e-4F + 1.3981999507e-3F;
  p = p * r + 8.3334519073e-3F;
  p = p * r + 4.1665795894e-2F;
  p = p * r + 1.6666665459e-1F;
  p = p * r + 5.0000001201e-1F;
  p = p * r * r + r + 1.0F;
  const IV power = (__builtin_convertvector(n, IV) + 127) << 23;
  return p * reinterpret_cast<V>(power);
}

// ln(1 + x) for x in [0, 1], error below 2e-7: 2 artanh(x / (2 + x)) as a series.
[[gnu::always_inline]] inline V Log1p(V x) {
  const V s = x / (x + 2.0F);
  const V s2 = s * s;
  V p = s2 * (2.0F / 11) + 2.0F / 9;
  p = p * s2 + 2.0F / 7;
  p = p * s2 + 2.0F / 5;
  p = p * s2 + 2.0F / 3;
  return (p * s2 + 2.0F) * s;
}

}  // namespace
}  // namespace retrain::model::mlp
