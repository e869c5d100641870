#include "retrain/data/csv/reader.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>

#include "retrain/data/csv/cells.h"

namespace retrain::data {
namespace {

constexpr std::size_t kBlockBytes = 1 << 20;
constexpr std::size_t kMostRowBytes = 64 << 20;  // a quote that never closes must not read the file into memory

}  // namespace

CsvReader::CsvReader(std::unique_ptr<StateFile> file, std::string path)
    : file_(std::move(file)), path_(std::move(path)) {}

Result<CsvReader> CsvReader::Open(StateFs& files, const std::string& path) {
  TRY(auto file, files.OpenFile(path, StateFs::Open::kRead));
  CsvReader reader(std::move(file), path);
  TRY_OK(reader.Fill());
  if (reader.buffer_.starts_with("\xEF\xBB\xBF")) reader.position_ = 3;
  if (reader.buffer_.substr(0, 4096).find('\0') != std::string::npos)
    return reader.Fault("it is no text (a zero byte)");
  std::vector<std::string_view> cells;
  TRY(const bool has_names, reader.NextRow(cells));
  if (!has_names) return reader.Fault("it is empty");
  std::unordered_set<std::string_view> seen;
  for (const auto cell : cells) {
    if (!IsUtf8(cell)) return reader.Fault("a column name is not UTF-8 text");
    if (!seen.insert(cell).second) return reader.Fault(fmt::format("two columns are named `{}`", cell));
  }
  reader.names_.assign(cells.begin(), cells.end());
  return reader;
}

Error CsvReader::Fault(std::string what) const {
  Error error{.code = "E0202", .where = {.file = path_}, .hint = "mend the file and write it again"};
  if (row_ < 0) {
    error.message = fmt::format("{} cannot be read: {}", path_, what);
  } else {
    error.message = fmt::format("{} cannot be read: {} in row {} (line {})", path_, what, row_, line_);
    error.where.row = row_;
  }
  return error;
}

// Drops the rows that were given and appends the next block.
Status CsvReader::Fill() {
  buffer_.erase(0, position_);
  position_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + std::max(kBlockBytes, kept));
  TRY(const auto read, file_->ReadAt(offset_, std::as_writable_bytes(std::span(buffer_).subspan(kept))));
  buffer_.resize(kept + read);
  offset_ += static_cast<std::int64_t>(read);
  at_end_ = read == 0;
  return Ok();
}

// `at` stands behind the opening quote; leaves it behind the closing one.
CsvReader::Scan CsvReader::ScanQuoted(std::size_t& at) {
  Span span{.begin = at};
  while (true) {
    at = buffer_.find('"', at);
    if (at == std::string::npos) return Scan::kNeedMore;
    if (at + 1 == buffer_.size() && !at_end_) return Scan::kNeedMore;
    if (at + 1 == buffer_.size() || buffer_[at + 1] != '"') break;
    span.has_escapes = true;
    at += 2;
  }
  span.end = at++;
  next_line_ += std::count(buffer_.begin() + static_cast<std::ptrdiff_t>(span.begin),
                           buffer_.begin() + static_cast<std::ptrdiff_t>(span.end), '\n');
  spans_.push_back(span);
  return Scan::kRow;
}

// Finds the cells of the row at position_. Nothing is changed but spans_, after_ and the count of lines.
CsvReader::Scan CsvReader::ScanRow() {
  spans_.clear();
  next_line_ = line_;
  std::size_t at = position_;
  const std::size_t size = buffer_.size();
  while (true) {
    if (at < size && buffer_[at] == '"') {
      const Scan scan = ScanQuoted(++at);
      if (scan != Scan::kRow) return scan;
    } else {
      const std::size_t begin = at;
      while (at < size && buffer_[at] != ',' && buffer_[at] != '\n') ++at;
      const bool is_last = at < size ? buffer_[at] == '\n' : at_end_;
      const std::size_t end = is_last && at > begin && buffer_[at - 1] == '\r' ? at - 1 : at;
      spans_.push_back({.begin = begin, .end = end});
    }
    if (at + 1 < size && buffer_[at] == '\r' && buffer_[at + 1] == '\n') ++at;
    if (at + 1 >= size && !at_end_ && (at == size || buffer_[at] == '\r')) return Scan::kNeedMore;
    if (at == size || buffer_[at] == '\n') break;
    if (buffer_[at] != ',') return Scan::kBroken;
    ++at;
  }
  after_ = std::min(at + 1, size);
  ++next_line_;
  return Scan::kRow;
}

std::string_view CsvReader::Cell(const Span& span) {
  char* const begin = buffer_.data() + span.begin;
  char* const end = buffer_.data() + span.end;
  if (!span.has_escapes) return {begin, end};
  char* out = begin;
  for (const char* in = begin; in < end; ++in) {
    *out++ = *in;
    if (*in == '"') ++in;
  }
  return {begin, out};
}

Result<bool> CsvReader::NextRow(std::vector<std::string_view>& cells) {
  cells.clear();
  ++row_;
  while (true) {
    line_ = next_line_;
    const Scan scan = ScanRow();
    if (scan == Scan::kBroken) return Fault("something follows a closing quote");
    if (scan == Scan::kNeedMore) {
      next_line_ = line_;
      if (at_end_) return Fault("a quote opens and never closes");
      if (buffer_.size() - position_ > kMostRowBytes) return Fault("more than 64 MB without an end of the row");
      TRY_OK(Fill());
      continue;
    }
    const bool is_blank = spans_.size() == 1 && spans_[0].begin == spans_[0].end && buffer_[spans_[0].begin] != '"';
    if (is_blank && position_ == buffer_.size()) return false;
    position_ = after_;
    if (is_blank) continue;
    for (const Span& span : spans_) cells.push_back(Cell(span));
    return true;
  }
}

Result<bool> CsvReader::Next(std::vector<std::string_view>& cells) {
  TRY(const bool is_row, NextRow(cells));
  if (!is_row) return false;
  if (cells.size() != names_.size()) {
    return Fault(fmt::format("{} values where the first row names {} columns,", cells.size(), names_.size()));
  }
  return true;
}

}  // namespace retrain::data
