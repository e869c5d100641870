#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retrain {

// The candidate nearest to `word` by edit distance, when it is near enough to be a slip of the pen; empty otherwise.
std::string_view NearName(std::string_view word, std::span<const std::string> candidates);

// "a, b, c, … (14 in all)": at most `most` names.
std::string ListNames(std::span<const std::string> names, std::size_t most = 10);

std::string Grouped(std::int64_t number);                         // 1234567 -> "1,234,567"
std::string Counted(std::int64_t number, std::string_view noun);  // "1 file", "1,200 files"
// `text` broken between words, for a column that begins at `indent` of a page `width` wide: the first line is put there
// by the caller, the others begin with so many blanks. A word longer than a line stands on its own.
std::string Wrapped(std::string_view text, std::size_t width, std::size_t indent);

std::string Bytes(std::int64_t bytes);  // 1536 -> "1.5 kB" (powers of 1000)

}  // namespace retrain
