#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace retrain::drift::streams {

// The generator of Python's `random.Random(seed)`, the Mersenne twister of Matsumoto and Nishimura (1998), so that what
// river draws is drawn here too. For that alone: our own randomness is Rng.
class PythonRandom {
 public:
  explicit PythonRandom(std::uint32_t seed);

  // random.sample(range(n), k), in order. REQUIRES: 0 <= k <= n < 2^31; k > 5 or n <= 21, where Python draws from a
  // list.
  std::vector<std::int64_t> Sample(std::int64_t n, std::int64_t k);

 private:
  static constexpr std::size_t kWords = 624;

  std::uint32_t Next();
  std::int64_t Below(std::int64_t n);

  std::array<std::uint32_t, kWords> words_{};
  std::size_t next_ = kWords;
};

}  // namespace retrain::drift::streams
