#include "retrain/data/csv/cells.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace retrain::data {
namespace {

std::string_view Trim(std::string_view cell) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!cell.empty() && is_space(cell.front())) cell.remove_prefix(1);
  while (!cell.empty() && is_space(cell.back())) cell.remove_suffix(1);
  return cell;
}

template <class Number>
std::optional<Number> Whole(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

bool SameInAnyCase(std::string_view cell, std::string_view lower) {
  return std::ranges::equal(cell, lower, {},
                            [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
}

std::optional<double> ParseWord(std::string_view cell) {
  if (SameInAnyCase(cell, "true")) return 1.0;
  if (SameInAnyCase(cell, "false")) return 0.0;
  return std::nullopt;
}

// Takes what is left of a time apart from its front.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}

  bool done() const { return rest_.empty(); }
  bool Skip(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // Exactly `digits` digits.
  std::optional<int> Digits(std::size_t digits) {
    if (rest_.size() < digits) return std::nullopt;
    int value = 0;
    for (const char c : rest_.substr(0, digits)) {
      if (c < '0' || c > '9') return std::nullopt;
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(digits);
    return value;
  }
  // The digits after a decimal point, as microseconds; further ones are cut.
  std::optional<double> Fraction() {
    std::size_t digits = 0;
    double value = 0;
    double unit = 1e5;
    for (; digits < rest_.size() && rest_[digits] >= '0' && rest_[digits] <= '9'; ++digits) {
      if (digits < 6) value += (rest_[digits] - '0') * unit;
      unit /= 10;
    }
    if (digits == 0) return std::nullopt;
    rest_.remove_prefix(digits);
    return value;
  }

 private:
  std::string_view rest_;
};

// Z, +01:00, +0100 or +01, as microseconds east of UTC.
std::optional<double> ReadOffset(TimeReader& text) {
  if (text.done() || text.Skip('Z')) return 0.0;
  const bool west = text.Skip('-');
  if (!west && !text.Skip('+')) return std::nullopt;
  const auto hours = text.Digits(2);
  text.Skip(':');
  const auto minutes = text.done() ? std::optional<int>(0) : text.Digits(2);
  if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
  return (west ? -1 : 1) * (*hours * 3600.0 + *minutes * 60.0) * 1e6;
}

std::optional<double> ReadTimeOfDay(TimeReader& text) {
  const auto hour = text.Digits(2);
  if (!hour || !text.Skip(':')) return std::nullopt;
  const auto minute = text.Digits(2);
  std::optional<int> second = 0;
  std::optional<double> fraction = 0;
  if (text.Skip(':')) {
    second = text.Digits(2);
    if (text.Skip('.')) fraction = text.Fraction();
  }
  if (!minute || !second || !fraction || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return (*hour * 3600.0 + *minute * 60.0 + *second) * 1e6 + *fraction;
}

std::optional<double> ParseTime(std::string_view cell) {
  TimeReader text(cell);
  const auto year = text.Digits(4);
  if (!year || !text.Skip('-')) return std::nullopt;
  const auto month = text.Digits(2);
  if (!month || !text.Skip('-')) return std::nullopt;
  const auto day = text.Digits(2);
  if (!day) return std::nullopt;
  using namespace std::chrono;
  const year_month_day date(std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  const double midnight = static_cast<double>(sys_days(date).time_since_epoch().count()) * 86'400e6;
  if (text.done()) return midnight;
  if (!text.Skip('T') && !text.Skip(' ')) return std::nullopt;
  const auto time = ReadTimeOfDay(text);
  if (!time) return std::nullopt;
  const auto offset = ReadOffset(text);
  if (!offset || !text.done()) return std::nullopt;
  return midnight + *time - *offset;
}

}  // namespace

bool IsNullCell(std::string_view cell) {
  static constexpr std::array<std::string_view, 10> kNulls = {"NA",   "N/A",  "#N/A", "<NA>", "null",
                                                              "NULL", "None", "NaN",  "nan",  "-nan"};
  if (cell.empty()) return true;
  return cell.size() <= 4 && std::ranges::find(kNulls, cell) != kNulls.end();
}

std::optional<double> ParseCell(ColumnType type, std::string_view cell) {
  cell = Trim(cell);
  switch (type) {
    case ColumnType::kInteger:
    case ColumnType::kNumber: return Whole<double>(cell);
    case ColumnType::kBoolean:
      if (cell == "1") return 1.0;
      if (cell == "0") return 0.0;
      return ParseWord(cell);
    case ColumnType::kTime: return ParseTime(cell);
    case ColumnType::kText: break;
  }
  Bug("text cells are not parsed", __FILE__, __LINE__);
}

void CellTypes::See(std::string_view cell) {
  if (IsNullCell(cell)) return;
  only_nulls_ = false;
  cell = Trim(cell);
  if (integer_) integer_ = Whole<std::int64_t>(cell).has_value();
  if (number_ && !integer_) number_ = Whole<double>(cell).has_value();
  if (boolean_) boolean_ = ParseWord(cell).has_value();
  if (time_) time_ = ParseTime(cell).has_value();
}

ColumnType CellTypes::type() const {
  if (only_nulls_) return ColumnType::kNumber;
  if (integer_) return ColumnType::kInteger;
  if (number_) return ColumnType::kNumber;
  if (boolean_) return ColumnType::kBoolean;
  return time_ ? ColumnType::kTime : ColumnType::kText;
}

bool IsUtf8(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t more = lead < 0x80   ? 0
                             : lead < 0xC2 ? 4
                             : lead < 0xE0 ? 1
                             : lead < 0xF0 ? 2
                             : lead < 0xF5 ? 3
                                           : 4;
    if (more == 4 || i + more >= text.size()) return false;
    for (std::size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

}  // namespace retrain::data
