#include "retrain/stats/sort_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace retrain::stats {
namespace {

constexpr int kDigitBits = 11;
constexpr int kDigits = 3;
constexpr std::size_t kBuckets = std::size_t{1} << kDigitBits;
constexpr std::size_t kWorthwhile = 2048;  // values; below, comparing is faster
constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;

// Bits whose order as integers is the order of the doubles.
std::uint64_t KeyOf(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  const auto negative = static_cast<std::uint64_t>(static_cast<std::int64_t>(bits) >> 63);
  return bits ^ (negative | kSign);
}
double ValueOf(std::uint64_t key) {
  const auto positive = static_cast<std::uint64_t>(static_cast<std::int64_t>(key) >> 63);
  return std::bit_cast<double>(key ^ (~positive | kSign));
}

// The lowest bit that the passes look at: 33 bits below the highest one in which smallest and largest key differ.
int LowestBit(std::uint64_t smallest, std::uint64_t largest) {
  const int width = 64 - std::countl_zero(smallest ^ largest);
  return std::max(0, width - kDigits * kDigitBits);
}

using Histogram = std::array<std::uint32_t, kBuckets>;

void Scatter(std::span<const std::uint64_t> from, std::uint64_t* to, Histogram& starts, int shift) {
  for (const std::uint64_t key : from) to[starts[(key >> shift) & (kBuckets - 1)]++] = key;
}

// Counts become places. False when all keys share one digit, so that a pass would move nothing.
bool Places(Histogram& counts, std::size_t keys) {
  std::uint32_t place = 0;
  for (auto& count : counts) {
    if (count == keys) return false;
    place += std::exchange(count, place);
  }
  return true;
}

// Keys sorted but for the bits below `lowest`: each run that agrees in the others is sorted, and written as values.
void FinishRuns(std::span<std::uint64_t> keys, int lowest, std::span<double> values) {
  const std::size_t n = keys.size();
  for (std::size_t begin = 0; begin < n;) {
    std::size_t end = begin + 1;
    while (end < n && ((keys[end] ^ keys[begin]) >> lowest) == 0) ++end;
    if (end - begin > 1 && lowest > 0) std::sort(keys.begin() + begin, keys.begin() + end);
    for (; begin < end; ++begin) values[begin] = ValueOf(keys[begin]);
  }
}

}  // namespace

Separated Separate(std::span<const double> values) {
  Separated apart;
  apart.finite.resize(values.size());
  std::size_t kept = 0;
  for (const double value : values) {
    apart.finite[kept] = value;
    if (std::isfinite(value)) {
      ++kept;
    } else if (std::isnan(value)) {
      ++apart.nulls;
    } else {
      ++(value < 0 ? apart.minus_infinite : apart.plus_infinite);
    }
  }
  apart.finite.resize(kept);
  return apart;
}

void SortValues(std::span<double> values, std::vector<std::uint64_t>& scratch) {
  const std::size_t n = values.size();
  if (n < kWorthwhile || n > UINT32_MAX) return std::sort(values.begin(), values.end());
  if (scratch.size() < 2 * n) scratch.resize(2 * n);
  std::span<std::uint64_t> keys(scratch.data(), n);
  std::span<std::uint64_t> other(scratch.data() + n, n);

  std::uint64_t smallest = UINT64_MAX;
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < n; ++i) {
    const std::uint64_t key = KeyOf(values[i]);
    smallest = std::min(smallest, key);
    largest = std::max(largest, key);
    keys[i] = key;
  }
  const int lowest = LowestBit(smallest, largest);
  std::array<Histogram, kDigits> counts{};
  for (const std::uint64_t key : keys) {
    for (int digit = 0; digit < kDigits; ++digit) {
      ++counts[digit][(key >> (lowest + digit * kDigitBits)) & (kBuckets - 1)];
    }
  }
  for (int digit = 0; digit < kDigits; ++digit) {
    if (!Places(counts[digit], n)) continue;
    Scatter(keys, other.data(), counts[digit], lowest + digit * kDigitBits);
    std::swap(keys, other);
  }
  FinishRuns(keys, lowest, values);
}

void SortValues(std::span<double> values) {
  std::vector<std::uint64_t> scratch;
  SortValues(values, scratch);
}

}  // namespace retrain::stats
