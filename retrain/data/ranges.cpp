#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "retrain/data/open_file.h"

namespace retrain::data {
namespace {

Error Differs(const std::string& path, const std::string& first, const std::string& column, const std::string& how) {
  return {.code = "E0212",
          .message = fmt::format("column `{}` of {} {}", column, first, how),
          .where = {.file = path, .key = column},
          .hint = "write both files with the same columns and types"};
}

// Adds what another file says about the columns of the first one.
Status Merge(Schema& schema, const std::string& first, const Schema& next, const std::string& path) {
  for (const Field& field : schema.fields) {
    const Field* other = next.Find(field.name);
    if (other == nullptr) return Differs(path, first, field.name, fmt::format("is missing in {}", path));
    if (!field.only_nulls && !other->only_nulls && !CanReadAs(other->type, field.type)) {
      return Differs(path, first, field.name,
                     fmt::format("is {}, in {} it is {}", Name(field.type), path, Name(other->type)));
    }
  }
  Widen(schema, next);
  return Ok();
}

// Ranges one after another; a file is open while its rows are read.
class RangeSource final : public TableSource {
 public:
  RangeSource(StateFs& files, std::vector<FileRange> ranges, Schema schema, std::int64_t batch_rows)
      : files_(files), ranges_(std::move(ranges)), schema_(std::move(schema)) {
    options_ = {.batch_rows = batch_rows, .columns = schema_.Names(), .expected = &schema_};
  }

  const Schema& schema() const override { return schema_; }

  Result<std::optional<Frame>> Next() override {
    while (next_ < ranges_.size()) {
      const FileRange& range = ranges_[next_];
      if (current_ == nullptr) TRY_OK(OpenNext());
      std::optional<Frame> frame;
      if (left_ > 0) {
        TRY(frame, current_->Next());
      }
      if (frame) {
        const std::int64_t rows = std::min(left_, frame->rows());
        left_ -= rows;
        return std::optional<Frame>(rows < frame->rows() ? frame->Slice(0, rows) : std::move(*frame));
      }
      if (range.end >= 0 && left_ > 0) {
        return Error{.code = "E0202",
                     .message = fmt::format("{} has fewer than the {} rows it had before", range.path, range.end),
                     .where = {.file = range.path},
                     .hint = "bring the former file back"};
      }
      current_.reset();
      ++next_;
    }
    return std::optional<Frame>();
  }

 private:
  Status OpenNext() {
    const FileRange& range = ranges_[next_];
    left_ = range.end < 0 ? std::numeric_limits<std::int64_t>::max() : range.end - range.begin;
    TRY(current_, OpenFileAt(files_, range.path, options_, range.begin));
    return Ok();
  }

  StateFs& files_;
  std::vector<FileRange> ranges_;
  Schema schema_;
  ReadOptions options_;
  std::size_t next_ = 0;
  std::unique_ptr<TableSource> current_;
  std::int64_t left_ = 0;  // rows of the current range
};

}  // namespace

Result<std::unique_ptr<TableSource>> OpenRanges(StateFs& files, std::vector<FileRange> ranges,
                                                const ReadOptions& options) {
  Schema schema;
  std::vector<std::string> seen;
  for (const FileRange& range : ranges) {
    RETRAIN_ALWAYS(range.begin >= 0 && (range.end < 0 || range.end >= range.begin));
    if (std::ranges::find(seen, range.path) != seen.end()) continue;
    TRY(const auto source, OpenFile(files, range.path, options));
    if (seen.empty()) {
      schema = source->schema();
    } else {
      TRY_OK(Merge(schema, seen.front(), source->schema(), range.path));
    }
    seen.push_back(range.path);
  }
  return std::unique_ptr<TableSource>(
      std::make_unique<RangeSource>(files, std::move(ranges), std::move(schema), options.batch_rows));
}

}  // namespace retrain::data
