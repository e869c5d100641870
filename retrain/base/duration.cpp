#include "retrain/base/duration.h"

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace retrain {
namespace {

struct Unit {
  char letter;
  std::string_view shown;
  std::int64_t seconds;
};
constexpr std::array<Unit, 5> kUnits = {
    {{'w', "w", 604'800}, {'d', "d", 86'400}, {'h', "h", 3'600}, {'m', "min", 60}, {'s', "s", 1}}};
constexpr double kMostSeconds = 1000 * 365.25 * 86'400;

}  // namespace

std::optional<std::chrono::seconds> ParseDuration(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc()) return std::nullopt;
  while (rest != end && *rest == ' ') ++rest;
  double scale = rest == end ? 1 : 0;
  for (const auto& unit : kUnits) {
    if (rest + 1 == end && *rest == unit.letter) scale = static_cast<double>(unit.seconds);
  }
  const double seconds = number * scale;
  const bool good = scale > 0 && seconds >= 0 && seconds <= kMostSeconds && seconds == std::floor(seconds);
  if (!good) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(seconds));
}

std::string DurationText(std::chrono::seconds length) {
  const auto seconds = length.count();
  for (const auto& unit : kUnits) {
    if (unit.letter == 'w' || seconds < unit.seconds * (unit.letter == 'd' || unit.letter == 'h' ? 1 : 2)) continue;
    if (seconds % unit.seconds == 0) return fmt::format("{} {}", seconds / unit.seconds, unit.shown);
    return fmt::format("{:.1f} {}", static_cast<double>(seconds) / static_cast<double>(unit.seconds), unit.shown);
  }
  return fmt::format("{} s", seconds);
}

std::string DurationKey(std::chrono::seconds length) {
  const auto seconds = length.count();
  for (const auto& unit : kUnits) {
    if (seconds >= unit.seconds && seconds % unit.seconds == 0)
      return fmt::format("{}{}", seconds / unit.seconds, unit.letter);
  }
  return fmt::format("{}s", seconds);
}

}  // namespace retrain
