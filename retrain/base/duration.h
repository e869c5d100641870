#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace retrain {

// "90s", "15m", "6h", "7d", "2w", each also with a space and a fraction ("1.5 h"), or a bare number of seconds; whole
// seconds come out. None for anything else, and for what is negative or longer than a thousand years.
std::optional<std::chrono::seconds> ParseDuration(std::string_view text);

std::string DurationText(std::chrono::seconds length);  // in the largest unit that fits: "6 h", "2 d", "90 s", "1.5 h"
std::string DurationKey(std::chrono::seconds length);  // what a config says: "6h", "90s"; ParseDuration() reads it back

}  // namespace retrain
