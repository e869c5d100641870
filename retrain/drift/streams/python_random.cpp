#include "retrain/drift/streams/python_random.h"

#include <bit>
#include <numeric>

namespace retrain::drift::streams {

// Seeding by an array of one word, as CPython does for a small integer.
PythonRandom::PythonRandom(std::uint32_t seed) {
  constexpr std::uint32_t kStart = 19650218;
  words_[0] = kStart;
  for (std::uint32_t i = 1; i < kWords; ++i) {
    words_[i] = 1812433253U * (words_[i - 1] ^ (words_[i - 1] >> 30U)) + i;
  }
  std::uint32_t i = 1;
  const auto turn = [&] {
    if (++i >= kWords) {
      words_[0] = words_[kWords - 1];
      i = 1;
    }
  };
  for (std::size_t round = 0; round < kWords; ++round) {
    words_[i] = (words_[i] ^ ((words_[i - 1] ^ (words_[i - 1] >> 30U)) * 1664525U)) + seed;
    turn();
  }
  for (std::size_t round = 1; round < kWords; ++round) {
    words_[i] = (words_[i] ^ ((words_[i - 1] ^ (words_[i - 1] >> 30U)) * 1566083941U)) - i;
    turn();
  }
  words_[0] = 0x80000000U;
}

std::uint32_t PythonRandom::Next() {
  if (next_ == kWords) {
    for (std::size_t i = 0; i < kWords; ++i) {
      const std::uint32_t y = (words_[i] & 0x80000000U) | (words_[(i + 1) % kWords] & 0x7fffffffU);
      words_[i] = words_[(i + 397) % kWords] ^ (y >> 1U) ^ ((y & 1U) != 0 ? 0x9908b0dfU : 0);
    }
    next_ = 0;
  }
  std::uint32_t y = words_[next_++];
  y ^= y >> 11U;
  y ^= (y << 7U) & 0x9d2c5680U;
  y ^= (y << 15U) & 0xefc60000U;
  return y ^ (y >> 18U);
}

std::int64_t PythonRandom::Below(std::int64_t n) {
  const int bits = std::bit_width(static_cast<std::uint32_t>(n));
  while (true) {
    const auto drawn = static_cast<std::int64_t>(Next() >> (32 - bits));
    if (drawn < n) return drawn;
  }
}

std::vector<std::int64_t> PythonRandom::Sample(std::int64_t n, std::int64_t k) {
  std::vector<std::int64_t> pool(n);
  std::iota(pool.begin(), pool.end(), 0);
  std::vector<std::int64_t> sample;
  for (std::int64_t i = 0; i < k; ++i) {
    const std::int64_t place = Below(n - i);
    sample.push_back(pool[place]);
    pool[place] = pool[n - i - 1];
  }
  return sample;
}

}  // namespace retrain::drift::streams
