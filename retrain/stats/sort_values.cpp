#include "retrain/stats/sort_values.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace retrain::stats {
namespace {

constexpr int kDigitBits = 10;  // more would scatter over more pages than the processor has at hand
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

// The lowest bit that the passes look at: 30 bits below the highest one in which smallest and largest key differ.
int LowestBit(std::uint64_t smallest, std::uint64_t largest) {
  const int width = 64 - std::countl_zero(smallest ^ largest);
  return std::max(0, width - kDigits * kDigitBits);
}

// Smallest and largest value; -0 is smaller than +0.
std::pair<double, double> Ends(std::span<const double> values) {
  constexpr std::size_t kLanes = 4;  // independent of each other, so that one need not wait for another
  std::array<double, kLanes> low{};
  std::array<double, kLanes> high{};
  low.fill(values.front());
  high.fill(values.front());
  for (std::size_t i = 0; i < values.size(); ++i) {
    low[i % kLanes] = std::min(low[i % kLanes], values[i]);
    high[i % kLanes] = std::max(high[i % kLanes], values[i]);
  }
  const double smallest = *std::min_element(low.begin(), low.end());
  const double largest = *std::max_element(high.begin(), high.end());
  return {smallest == 0 ? -0.0 : smallest, largest == 0 ? 0.0 : largest};
}

using Histogram = std::array<std::uint32_t, kBuckets>;
using Histograms = std::array<Histogram, kDigits>;

std::size_t DigitOf(std::uint64_t key, int shift) { return (key >> shift) & (kBuckets - 1); }

Histograms CountDigits(std::span<const double> values, int lowest) {
  Histograms counts{};
  for (const double value : values) {
    const std::uint64_t key = KeyOf(value);
    for (int digit = 0; digit < kDigits; ++digit) ++counts[digit][DigitOf(key, lowest + digit * kDigitBits)];
  }
  return counts;
}

// Counts become places. False when all keys share one digit, so that a pass would move nothing.
bool Places(Histogram& counts, std::size_t keys) {
  std::uint32_t place = 0;
  bool moves = true;
  for (auto& count : counts) {
    if (count == keys) moves = false;
    place += std::exchange(count, place);
  }
  return moves;
}

// Keys sorted but for the bits below `lowest`. Few values share the others as a rule, and each goes to its place by a
// step or two; where they do not, each run of those that share them is sorted.
void FinishRuns(std::span<std::uint64_t> keys, int lowest) {
  const std::size_t n = keys.size();
  std::size_t steps = 0;
  std::size_t i = 1;
  for (; i < n && steps < 4 * n; ++i) {
    const std::uint64_t key = keys[i];
    if (key >= keys[i - 1]) continue;
    std::size_t place = i;
    for (; place > 0 && keys[place - 1] > key; --place) keys[place] = keys[place - 1];
    keys[place] = key;
    steps += i - place;
  }
  while (i < n) {
    std::size_t begin = i;
    while (begin > 0 && ((keys[begin - 1] ^ keys[i]) >> lowest) == 0) --begin;
    while (i < n && ((keys[i] ^ keys[begin]) >> lowest) == 0) ++i;
    std::sort(keys.begin() + begin, keys.begin() + i);
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
  std::uint64_t* keys = scratch.data();
  std::uint64_t* other = scratch.data() + n;

  const auto [smallest, largest] = Ends(values);
  const int lowest = LowestBit(KeyOf(smallest), KeyOf(largest));
  Histograms counts = CountDigits(values, lowest);
  Places(counts[0], n);
  for (const double value : values) {
    const std::uint64_t key = KeyOf(value);
    keys[counts[0][DigitOf(key, lowest)]++] = key;
  }
  for (int digit = 1; digit < kDigits; ++digit) {
    if (!Places(counts[digit], n)) continue;
    const int shift = lowest + digit * kDigitBits;
    for (std::size_t i = 0; i < n; ++i) other[counts[digit][DigitOf(keys[i], shift)]++] = keys[i];
    std::swap(keys, other);
  }
  FinishRuns({keys, n}, lowest);
  for (std::size_t i = 0; i < n; ++i) values[i] = ValueOf(keys[i]);
}

void SortValues(std::span<double> values) {
  std::vector<std::uint64_t> scratch;
  SortValues(values, scratch);
}

}  // namespace retrain::stats
