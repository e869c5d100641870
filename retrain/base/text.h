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
std::string Bytes(std::int64_t bytes);                            // 1536 -> "1.5 kB" (powers of 1000)

}  // namespace retrain
