#include "retrain/data/column_table.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/data/open_file.h"

namespace retrain::data {
namespace {

class ChosenColumns final : public TableSource {
 public:
  ChosenColumns(const std::vector<Frame>& frames, Schema schema) : frames_(frames), schema_(std::move(schema)) {}
  const Schema& schema() const override { return schema_; }

  Result<std::optional<Frame>> Next() override {
    while (next_ < frames_.size() && frames_[next_].rows() == 0) ++next_;
    if (next_ == frames_.size()) return std::optional<Frame>();
    const Frame& frame = frames_[next_++];
    std::vector<Column> columns;
    for (const Field& field : schema_.fields) columns.push_back(*frame.Find(field.name));
    return std::optional<Frame>(Frame(schema_, std::move(columns), frame.rows(), std::make_shared<Frame>(frame)));
  }

 private:
  const std::vector<Frame>& frames_;
  Schema schema_;
  std::size_t next_ = 0;
};

class ParquetColumns final : public ColumnTable {
 public:
  ParquetColumns(StateFs& files, std::vector<FileRange> ranges, Schema schema, std::int64_t rows)
      : files_(files), ranges_(std::move(ranges)), schema_(std::move(schema)), rows_(rows) {}
  const Schema& schema() const override { return schema_; }
  std::int64_t rows() const override { return rows_; }

  Result<std::unique_ptr<TableSource>> Open(const std::vector<std::string>& columns) const override {
    return OpenRanges(files_, ranges_, {.columns = columns, .expected = &schema_});
  }

 private:
  StateFs& files_;
  std::vector<FileRange> ranges_;
  Schema schema_;
  std::int64_t rows_;
};

}  // namespace

FrameColumns::FrameColumns(Schema schema, std::vector<Frame> frames)
    : schema_(std::move(schema)), frames_(std::move(frames)) {
  for (const Frame& frame : frames_) rows_ += frame.rows();
}

Result<std::unique_ptr<TableSource>> FrameColumns::Open(const std::vector<std::string>& columns) const {
  Schema chosen;
  for (const std::string& name : columns) {
    const Field* field = schema_.Find(name);
    RETRAIN_ALWAYS(field != nullptr);
    chosen.fields.push_back(*field);
  }
  return std::unique_ptr<TableSource>(std::make_unique<ChosenColumns>(frames_, std::move(chosen)));
}

Result<std::unique_ptr<ColumnTable>> KeepInMemory(TableSource& source) {
  std::vector<Frame> frames;
  while (true) {
    TRY(auto frame, source.Next());
    if (!frame) break;
    frames.push_back(*std::move(frame));
  }
  return std::unique_ptr<ColumnTable>(std::make_unique<FrameColumns>(source.schema(), std::move(frames)));
}

Result<std::unique_ptr<ColumnTable>> OpenColumns(StateFs& files, std::vector<FileRange> ranges,
                                                 const ReadOptions& options) {
  std::int64_t rows = 0;
  bool all_parquet = true;
  for (FileRange& range : ranges) {
    TRY(const Format format, FormatOf(files, range.path));
    all_parquet = all_parquet && format == Format::kParquet;
    if (!all_parquet) break;
    if (range.end < 0) {
      TRY(range.end, CountRows(files, range.path));
    }
    rows += range.end - range.begin;
  }
  TRY(const auto source, OpenRanges(files, ranges, options));
  if (!all_parquet) return KeepInMemory(*source);
  return std::unique_ptr<ColumnTable>(
      std::make_unique<ParquetColumns>(files, std::move(ranges), source->schema(), rows));
}

Result<std::unique_ptr<ColumnTable>> OpenColumns(StateFs& files, const std::string& path_or_glob,
                                                 const ReadOptions& options) {
  TRY(const auto found, FindFiles(files, path_or_glob));
  std::vector<FileRange> ranges;
  for (const FoundFile& file : found) {
    if (!file.unready.empty() && found.size() > 1) continue;  // the only one tells itself what is wrong with it
    ranges.push_back({.path = file.path});
  }
  if (ranges.empty())
    return Error{.code = "E0201",
                 .message = fmt::format("{} holds no data file that is whole", path_or_glob),
                 .where = {.file = path_or_glob}};
  return OpenColumns(files, std::move(ranges), options);
}

}  // namespace retrain::data
