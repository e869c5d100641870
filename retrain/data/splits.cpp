#include "retrain/data/splits.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace retrain::data {
namespace {

// Rows `begin` to `end`, counted over all files in order.
std::vector<FileRange> Cut(std::span<const FileRows> files, std::int64_t begin, std::int64_t end) {
  std::vector<FileRange> ranges;
  std::int64_t first = 0;
  for (const FileRows& file : files) {
    const std::int64_t from = std::max(begin, first) - first;
    const std::int64_t to = std::min(end, first + file.rows) - first;
    if (from < to) ranges.push_back({file.path, from, to});
    first += file.rows;
  }
  return ranges;
}

std::int64_t Share(std::int64_t rows, double fraction) {
  if (fraction <= 0 || rows == 0) return 0;
  return std::max<std::int64_t>(1, std::llround(static_cast<double>(rows) * fraction));
}

}  // namespace

Result<Split> SplitByTime(std::span<const FileRows> files, const SplitOptions& options) {
  std::int64_t rows = 0;
  for (const FileRows& file : files) rows += file.rows;
  const std::int64_t recent = Share(rows, options.recent_fraction);
  const std::int64_t stopping = std::min(options.most_stopping_rows, Share(rows, options.stopping_fraction));
  const std::int64_t training = rows - stopping - recent;
  if (training < 1) {
    return Error{
        .code = "E0214",
        .message = fmt::format("{} rows are too few to be cut into training, stopping ({}) and recent rows ({})", rows,
                               stopping, recent),
        .hint = "bring more rows"};
  }
  return Split{.training = Cut(files, 0, training),
               .stopping = Cut(files, training, training + stopping),
               .recent = Cut(files, training + stopping, rows)};
}

std::int64_t CountRows(std::span<const FileRange> ranges) {
  std::int64_t rows = 0;
  for (const FileRange& range : ranges) {
    RETRAIN_ALWAYS(range.end >= range.begin);
    rows += range.end - range.begin;
  }
  return rows;
}

}  // namespace retrain::data
