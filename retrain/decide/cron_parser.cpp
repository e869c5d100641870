// Cron::Parse: the five fields into sets of bits, each fault told with its field.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "retrain/decide/cron.h"

namespace retrain::decide {
namespace {

using Texts = std::vector<std::string>;

struct FieldRule {
  std::string_view name;
  int least;
  int most;
  std::span<const std::string_view> names;  // the first one is `least`
};

constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr FieldRule kMinute{"minute", 0, 59, {}};
constexpr FieldRule kHour{"hour", 0, 23, {}};
constexpr FieldRule kDay{"day", 1, 31, {}};
constexpr FieldRule kMonth{"month", 1, 12, kMonths};
constexpr FieldRule kWeekday{"weekday", 0, 7, kWeekdays};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kShort = {{{"@hourly", "0 * * * *"},
                                                                                  {"@daily", "0 0 * * *"},
                                                                                  {"@midnight", "0 0 * * *"},
                                                                                  {"@weekly", "0 0 * * 0"},
                                                                                  {"@monthly", "0 0 1 * *"},
                                                                                  {"@yearly", "0 0 1 1 *"},
                                                                                  {"@annually", "0 0 1 1 *"}}};

Texts Split(std::string_view text, char separator) {
  Texts parts(1);
  for (const char c : text) {
    if (c == separator) {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

Texts Words(std::string_view text) {
  Texts words = Split(text, ' ');
  std::erase(words, "");
  return words;
}

}  // namespace

// One fault is enough: the first one is kept.
class CronParser {
 public:
  static Result<Cron> Parse(std::string_view text);

 private:
  explicit CronParser(std::string_view text) : text_(text) {}

  void ReadFields(const Texts& fields);
  std::uint64_t Read(const FieldRule& rule, const std::string& field);
  std::uint64_t ReadItem(const FieldRule& rule, const std::string& item);
  bool ReadSpecial(const FieldRule& rule, const std::string& item);  // `L`, `fri#2`, `friL`
  int Number(const FieldRule& rule, std::string_view word);
  int Count(const FieldRule& rule, std::string_view word, int most, std::string_view what);

  void Fault(std::string why, std::string_view code = "E0102") {
    if (!fault_.message.empty()) return;
    fault_ = {.code = code,
              .message = fmt::format("cron `{}` {}", text_, why),
              .hint = "weekly on Sunday at midnight is `0 0 * * 0`"};
  }

  std::string text_;
  Cron cron_;
  Error fault_{.code = "E0102"};
};

int CronParser::Number(const FieldRule& rule, std::string_view word) {
  const auto name = std::find(rule.names.begin(), rule.names.end(), word);
  if (name != rule.names.end()) return rule.least + static_cast<int>(name - rule.names.begin());
  int number = -1;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  const bool whole = error == std::errc() && end == word.data() + word.size() && !word.empty() && word[0] != '-';
  if (!whole && error != std::errc::result_out_of_range) {
    Fault(fmt::format("has `{}` in its {}", word, rule.name));
  } else if (!whole || number < rule.least || number > rule.most) {
    Fault(fmt::format("has {} as {}, which goes from {} to {}", word, rule.name, rule.least, rule.most));
  }
  return std::clamp(number, rule.least, rule.most);
}

int CronParser::Count(const FieldRule& rule, std::string_view word, int most, std::string_view what) {
  int number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (error != std::errc() || end != word.data() + word.size() || number < 1 || number > most)
    Fault(fmt::format("has `{}` as {} in its {}, which goes from 1 to {}", word, what, rule.name, most));
  return std::clamp(number, 1, most);
}

bool CronParser::ReadSpecial(const FieldRule& rule, const std::string& item) {
  if (&rule == &kDay && item == "l") {
    cron_.last_day_ = true;
    return true;
  }
  if (&rule != &kWeekday) return false;
  if (const auto mark = item.find('#'); mark != std::string::npos) {
    const int weekday = Number(rule, std::string_view(item).substr(0, mark)) % 7;
    const int nth = Count(rule, std::string_view(item).substr(mark + 1), 5, "number after #");
    cron_.nth_weekday_[nth - 1] |= std::uint64_t{1} << weekday;
    return true;
  }
  if (item.size() < 2 || item.back() != 'l') return false;
  cron_.last_weekdays_ |= std::uint64_t{1} << (Number(rule, std::string_view(item).substr(0, item.size() - 1)) % 7);
  return true;
}

std::uint64_t CronParser::ReadItem(const FieldRule& rule, const std::string& item) {
  if (ReadSpecial(rule, item)) return 0;
  const auto slash = item.find('/');
  const std::string_view range = std::string_view(item).substr(0, slash);
  const int step =
      slash == std::string::npos ? 1 : Count(rule, std::string_view(item).substr(slash + 1), rule.most + 1, "step");
  int first = rule.least;
  int last = rule.most;
  const auto dash = range.find('-');
  if (dash != std::string_view::npos && dash > 0) {
    first = Number(rule, range.substr(0, dash));
    last = Number(rule, range.substr(dash + 1));
    if (last < first) Fault(fmt::format("has `{}` in its {}, a range that runs backwards", range, rule.name));
  } else if (range != "*") {
    first = Number(rule, range);
    if (slash == std::string::npos) last = first;
  }
  std::uint64_t bits = 0;
  for (int number = first; number <= last; number += step) bits |= std::uint64_t{1} << number;
  return bits;
}

std::uint64_t CronParser::Read(const FieldRule& rule, const std::string& field) {
  std::uint64_t bits = 0;
  for (const auto& item : Split(field, ',')) bits |= ReadItem(rule, item);
  return bits;
}

void CronParser::ReadFields(const Texts& fields) {
  cron_.text_ = text_;
  cron_.minutes_ = Read(kMinute, fields[0]);
  cron_.hours_ = Read(kHour, fields[1]);
  cron_.days_ = Read(kDay, fields[2]);
  cron_.months_ = Read(kMonth, fields[3]);
  cron_.weekdays_ = Read(kWeekday, fields[4]);
  if ((cron_.weekdays_ >> 7U & 1U) != 0) cron_.weekdays_ |= 1U;
  cron_.follows_clocks_ = fields[0][0] == '*' || fields[1][0] == '*';
  cron_.both_days_ = fields[2][0] == '*' || fields[4][0] == '*';
  const std::chrono::local_days start{std::chrono::year{2000} / 1 / 1};
  if (fault_.message.empty() && !cron_.FirstFrom(start, start + std::chrono::days(146'097)))
    Fault("never comes: no year has such a day", "E0105");
}

Result<Cron> CronParser::Parse(std::string_view text) {
  CronParser parser(text);
  std::string lower;
  for (const char c : text)
    lower += std::isspace(static_cast<unsigned char>(c)) != 0
                 ? ' '
                 : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  Texts fields = Words(lower);
  if (fields.size() == 1 && fields[0][0] == '@') {
    const auto found =
        std::find_if(kShort.begin(), kShort.end(), [&](const auto& row) { return row.first == fields[0]; });
    if (found == kShort.end()) {
      parser.Fault("is none of @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually");
    } else {
      fields = Words(found->second);
    }
  }
  if (fields.size() == 5) {
    parser.ReadFields(fields);
  } else {
    parser.Fault(fmt::format("has {} fields, not 5", fields.size()));
  }
  if (!parser.fault_.message.empty()) return std::move(parser.fault_);
  return std::move(parser.cron_);
}

Result<Cron> Cron::Parse(std::string_view text) { return CronParser::Parse(text); }

}  // namespace retrain::decide
