#include "retrain/data/glob.h"

#include "retrain/base/state_fs.h"

namespace retrain::data {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Whether `c` is in the set that starts behind '['; `end` is set behind its ']'. A set that never closes is a plain
// '['.
bool SetMatches(std::string_view pattern, char c, std::size_t& end) {
  std::size_t at = 1;
  const bool negated = at < pattern.size() && (pattern[at] == '!' || pattern[at] == '^');
  if (negated) ++at;
  bool inside = false;
  for (bool first = true; at < pattern.size() && (first || pattern[at] != ']'); first = false) {
    if (at + 2 < pattern.size() && pattern[at + 1] == '-' && pattern[at + 2] != ']') {
      inside |= pattern[at] <= c && c <= pattern[at + 2];
      at += 3;
    } else {
      inside |= pattern[at++] == c;
    }
  }
  if (at >= pattern.size()) {
    end = 1;
    return c == '[';
  }
  end = at + 1;
  return inside != negated && c != '/';
}

// The run of digits at `at` without its leading zeros.
std::string_view DigitsAt(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size() && IsDigit(text[at])) ++at;
  auto digits = text.substr(begin, at - begin);
  while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
  return digits;
}

}  // namespace

bool GlobMatches(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return path.empty();
  if (pattern.starts_with("**")) {
    const auto rest = pattern.substr(2);
    if (rest.starts_with('/') && GlobMatches(rest.substr(1), path)) return true;
    for (std::size_t at = 0; at <= path.size(); ++at) {
      if (GlobMatches(rest, path.substr(at))) return true;
    }
    return false;
  }
  if (pattern.front() == '*') {
    for (std::size_t at = 0;; ++at) {
      if (GlobMatches(pattern.substr(1), path.substr(at))) return true;
      if (at == path.size() || path[at] == '/') return false;
    }
  }
  if (path.empty()) return false;
  std::size_t used = 1;
  const char c = path.front();
  const bool fits = pattern.front() == '['   ? SetMatches(pattern, c, used)
                    : pattern.front() == '?' ? c != '/'
                                             : pattern.front() == c;
  return fits && GlobMatches(pattern.substr(used), path.substr(1));
}

bool IsGlob(std::string_view path) { return path.find_first_of("*?[") != std::string_view::npos; }

std::string GlobFolder(std::string_view pattern) {
  return ParentFolder(std::string(pattern.substr(0, pattern.find_first_of("*?[") + 1)));
}

bool NaturalLess(std::string_view a, std::string_view b) {
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() && j < b.size()) {
    if (IsDigit(a[i]) && IsDigit(b[j])) {
      const auto left = DigitsAt(a, i);
      const auto right = DigitsAt(b, j);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
    } else {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i;
      ++j;
    }
  }
  if (i < a.size() || j < b.size()) return j < b.size();
  return a < b;
}

}  // namespace retrain::data
