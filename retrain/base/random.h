#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string_view>

namespace retrain {

// A small generator whose stream is part of our formats: the same seed gives the same numbers on every machine and
// with every standard library. SplitMix64 (Steele, Lea and Flood 2014). A value: copying it copies the stream.
class Rng {
 public:
  explicit constexpr Rng(std::uint64_t seed) : state_(seed) {}

  constexpr std::uint64_t Next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }

  // Uniform on [0, 1), 53 bits.
  constexpr double Uniform() { return static_cast<double>(Next() >> 11U) * 0x1.0p-53; }

  // Uniform on {0, …, n-1} without bias (Lemire 2019). REQUIRES: n > 0.
  std::uint64_t Below(std::uint64_t n) {
    __extension__ using Wide = unsigned __int128;
    Wide product = static_cast<Wide>(Next()) * n;
    if (static_cast<std::uint64_t>(product) < n) {
      const std::uint64_t floor = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < floor) product = static_cast<Wide>(Next()) * n;
    }
    return static_cast<std::uint64_t>(product >> 64U);
  }

  // Standard normal (Box and Muller 1958, one of the pair).
  double Normal() {
    const double radius = std::sqrt(-2.0 * std::log(1.0 - Uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * Uniform());
  }

  constexpr std::uint64_t state() const { return state_; }  // Rng(state()) goes on where this one is

 private:
  std::uint64_t state_;
};

// A seed for one purpose out of a run's seed: streams of different purposes do not overlap in practice.
constexpr std::uint64_t DeriveSeed(std::uint64_t seed, std::string_view purpose) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
  for (const char c : purpose) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return Rng(seed ^ hash).Next();
}

// The port to randomness from outside: fresh seeds and ids. Everything else derives from a stored seed.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t Seed() = 0;
};

}  // namespace retrain
