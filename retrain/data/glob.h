#pragma once

#include <string>
#include <string_view>

namespace retrain::data {

// `?` is one character, `*` any number, `[a-c]` or `[!a-c]` one of a set; none of them matches '/'. `**` matches
// anything, and `**/` no folder at all too.
bool GlobMatches(std::string_view pattern, std::string_view path);

bool IsGlob(std::string_view path);

// The folder above the first name with a wildcard: "data/in/*.csv" -> "data/in", "*.csv" -> ".".
std::string GlobFolder(std::string_view pattern);

// Digits in a row compare as a number: "part2" < "part10". Names that differ only in leading zeros compare by bytes.
bool NaturalLess(std::string_view a, std::string_view b);

}  // namespace retrain::data
