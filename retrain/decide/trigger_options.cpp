#include "retrain/decide/trigger_options.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace retrain::decide {
namespace {

constexpr std::array<std::string_view, 3> kMissed = {"skip", "once", "all"};
constexpr std::array<std::string_view, 3> kOverlap = {"skip", "queue", "replace"};
constexpr std::chrono::seconds kDay{86'400};

Result<std::size_t> IndexOf(const std::array<std::string_view, 3>& names, std::string_view name,
                            std::string_view what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  return Error{.code = "E0102",
               .message = fmt::format("there is no {} `{}`", what, name),
               .hint = fmt::format("write one of {}, {}, {}", names[0], names[1], names[2])};
}

}  // namespace

std::string_view Name(Missed missed) { return kMissed[static_cast<std::size_t>(missed)]; }

Result<Missed> MissedFromName(std::string_view name) {
  TRY(const auto index, IndexOf(kMissed, name, "policy for missed times"));
  return static_cast<Missed>(index);
}

std::string_view Name(Overlap overlap) { return kOverlap[static_cast<std::size_t>(overlap)]; }

Result<Overlap> OverlapFromName(std::string_view name) {
  TRY(const auto index, IndexOf(kOverlap, name, "policy for overlapping runs"));
  return static_cast<Overlap>(index);
}

std::string ToText(Windows windows) { return fmt::format("{} of {}", windows.drifted, windows.of); }

std::optional<Windows> ParseWindows(std::string_view text) {
  constexpr std::string_view kOf = " of ";
  const auto middle = text.find(kOf);
  if (middle == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view word) {
    int value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    return error == std::errc() && end == word.data() + word.size() ? value : 0;
  };
  const Windows windows{number(text.substr(0, middle)), number(text.substr(middle + kOf.size()))};
  const bool good = windows.drifted >= 1 && windows.drifted <= windows.of && windows.of <= 100;
  return good ? std::optional(windows) : std::nullopt;
}

TriggerOptions DefaultTrigger(std::string_view type) {
  TriggerOptions trigger{.type = std::string(type)};
  if (type == "drift_detected") trigger.threshold = 0.1;
  if (type == "performance_drop") trigger.threshold = 0.05;
  if (type == "drift_detected" || type == "performance_drop") trigger.cooldown = kDay;
  return trigger;
}

std::vector<std::string> NameTriggers(const std::vector<TriggerOptions>& triggers) {
  std::vector<std::string> names;
  for (const auto& trigger : triggers) names.push_back(trigger.name);
  const auto taken = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    if (!names[i].empty()) continue;
    std::string name = triggers[i].type;
    for (int number = 2; taken(name); ++number) name = fmt::format("{}-{}", triggers[i].type, number);
    names[i] = name;
  }
  return names;
}

}  // namespace retrain::decide
