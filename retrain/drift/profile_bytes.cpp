#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "retrain/base/bytes.h"
#include "retrain/base/sha256.h"
#include "retrain/drift/profile.h"

namespace retrain::drift {
namespace {

constexpr std::string_view kMagic{"RETPROF\0", 8};
constexpr std::uint32_t kFormat = 2;
constexpr std::uint32_t kOldFormat = 1;  // knew nothing of models
constexpr std::size_t kDigestBytes = 64;
constexpr std::size_t kPrefixBytes = 8 + 4 + kDigestBytes;

Error Damaged(std::string_view what, std::string_view why) {
  return {.code = "E0301", .message = fmt::format("{} is damaged: {}", what, why)};
}

void WriteColumn(const ColumnProfile& column, ByteWriter& out) {
  out.Text(column.name);
  out.Text(data::Name(column.type));
  out.Text(Name(column.kind));
  out.Number<std::uint8_t>(column.predicted ? 1 : 0);
  out.Number<double>(column.importance.value_or(std::numeric_limits<double>::quiet_NaN()));
  out.Number<std::int64_t>(column.tally.nulls);
  out.Array(column.cuts);
  out.Array(column.tally.cells);
  const auto categories = column.tally.categories.Sorted();
  out.Number<std::uint64_t>(categories.size());
  for (const auto& [category, rows] : categories) {
    out.Text(category);
    out.Number<std::int64_t>(rows);
  }
  out.Number<std::int64_t>(column.tally.categories.others());
}

bool IsSound(const ColumnProfile& column) {
  const auto& tally = column.tally;
  const bool cuts = std::ranges::adjacent_find(column.cuts, std::not_fn(std::less<>())) == column.cuts.end() &&
                    std::ranges::none_of(column.cuts, [](double cut) { return std::isnan(cut); });
  const double importance = column.importance.value_or(0);
  if (!(importance >= 0 && importance <= 1)) return false;
  const std::size_t cells = column.kind == ColumnKind::kNumeric ? column.cuts.size() + 1 : 0;
  return cuts && tally.cells.size() == cells && (column.kind == ColumnKind::kCategorical) == column.cuts.empty();
}

// Hands out the rows of a table: counts that are negative, or more together than it has, are not sound.
class RowBudget {
 public:
  explicit RowBudget(std::int64_t rows) : left_(rows) {}
  std::int64_t Take(std::int64_t rows) {
    sound_ = sound_ && rows >= 0 && rows <= left_;
    if (!sound_) return 0;
    left_ -= rows;
    return rows;
  }
  bool sound() const { return sound_; }

 private:
  std::int64_t left_;
  bool sound_ = true;
};

Result<ColumnProfile> ReadColumn(ByteReader& in, std::uint32_t format, std::int64_t table_rows, std::string_view what) {
  ColumnProfile column{.name = std::string(in.Text())};
  const auto type = data::TypeFromName(in.Text());
  const auto kind = ColumnKindFromName(in.Text());
  if (!in.ok() || !type.ok() || !kind.ok()) return Damaged(what, "a column's name, type or kind is not readable");
  column.type = *type;
  column.kind = *kind;
  if (format != kOldFormat) {
    column.predicted = in.Number<std::uint8_t>() != 0;
    if (const auto importance = in.Number<double>(); !std::isnan(importance)) column.importance = importance;
  }
  RowBudget budget(table_rows);
  column.tally.nulls = budget.Take(in.Number<std::int64_t>());
  column.cuts = in.Array<double>();
  column.tally.cells = in.Array<std::int64_t>();
  for (auto& rows : column.tally.cells) rows = budget.Take(rows);
  const auto categories = in.Number<std::uint64_t>();
  for (std::uint64_t i = 0; i < categories && in.ok(); ++i) {
    const auto category = in.Text();
    const auto rows = in.Number<std::int64_t>();
    if (rows <= 0) return Damaged(what, fmt::format("a category of column `{}` without rows", column.name));
    column.tally.categories.Add(category, budget.Take(rows));
  }
  column.tally.categories.AddOthers(budget.Take(in.Number<std::int64_t>()));
  if (!in.ok() || !budget.sound() || !IsSound(column))
    return Damaged(what, fmt::format("column `{}` does not add up", column.name));
  return column;
}

}  // namespace

std::string ProfileToBytes(const Profile& profile) {
  ByteWriter body;
  body.Number<std::int64_t>(profile.rows);
  body.Number<std::uint64_t>(profile.columns.size());
  for (const ColumnProfile& column : profile.columns) WriteColumn(column, body);
  body.Number<std::uint64_t>(profile.left_out.size());
  for (const LeftOut& column : profile.left_out) {
    body.Text(column.name);
    body.Text(column.reason);
  }
  const std::string bytes = body.Take();
  ByteWriter format;
  format.Number<std::uint32_t>(kFormat);
  return std::string(kMagic) + format.Take() + Sha256Hex(bytes) + bytes;
}

bool LooksLikeProfile(std::string_view first_bytes) { return first_bytes.starts_with(kMagic); }

Result<Profile> ProfileFromBytes(std::string_view bytes, std::string_view what) {
  if (bytes.size() < kPrefixBytes || !LooksLikeProfile(bytes))
    return Damaged(what, fmt::format("its {} bytes do not start as a profile does", bytes.size()));
  const auto format = ByteReader(bytes.substr(kMagic.size(), 4)).Number<std::uint32_t>();
  if (format != kFormat && format != kOldFormat)
    return Error{
        .code = "E0302",
        .message = fmt::format("{} has profile format {}, this program reads up to {}", what, format, kFormat)};
  const auto body = bytes.substr(kPrefixBytes);
  if (Sha256Hex(body) != bytes.substr(kPrefixBytes - kDigestBytes, kDigestBytes))
    return Damaged(what, "its checksum does not match");
  ByteReader in(body);
  Profile profile{.rows = in.Number<std::int64_t>()};
  const auto columns = in.Number<std::uint64_t>();
  for (std::uint64_t i = 0; i < columns && in.ok(); ++i) {
    TRY(profile.columns.emplace_back(), ReadColumn(in, format, profile.rows, what));
  }
  const auto left_out = in.Number<std::uint64_t>();
  for (std::uint64_t i = 0; i < left_out && in.ok(); ++i) {
    const auto name = in.Text();
    profile.left_out.push_back({std::string(name), std::string(in.Text())});
  }
  if (!in.AtEnd() || profile.rows < 0) return Damaged(what, "its parts do not fill its bytes");
  return profile;
}

}  // namespace retrain::drift
