#include "retrain/data/arrow/write_parquet.h"

#include <arrow/io/interfaces.h>
#include <arrow/record_batch.h>
#include <parquet/arrow/writer.h>

#include "retrain/data/arrow/fence.h"
#include "retrain/data/arrow/to_arrow.h"

namespace retrain::data {
namespace {

constexpr std::int64_t kRowGroupRows = 262'144;

// A file of the port that Arrow appends to. Keeps the port's error, which says more than Arrow's status can.
class Appender final : public arrow::io::OutputStream {
 public:
  explicit Appender(StateFile& file) : file_(file) {}
  arrow::Status Close() override {
    closed_ = true;
    return arrow::Status::OK();
  }
  bool closed() const override { return closed_; }
  arrow::Result<std::int64_t> Tell() const override { return written_; }
  arrow::Status Write(const void* data, std::int64_t bytes) override {
    auto status =
        file_.WriteAt(written_, std::span(static_cast<const std::byte*>(data), static_cast<std::size_t>(bytes)));
    if (!status.ok()) {
      error_ = status.error();
      return arrow::Status::IOError(error_->message);
    }
    written_ += bytes;
    return arrow::Status::OK();
  }
  const std::optional<Error>& error() const { return error_; }

 private:
  StateFile& file_;
  std::int64_t written_ = 0;
  bool closed_ = false;
  std::optional<Error> error_;
};

// Next() gives the next frame or none; any error of it ends the writing and is returned.
template <class NextFrame>
Status WriteRows(StateFile& file, const std::string& path, const Schema& schema, NextFrame next) {
  auto out = std::make_shared<Appender>(file);
  std::optional<Error> source_error;
  const auto written = Fenced(path, [&]() -> arrow::Result<bool> {
    const auto bytes = parquet::WriterProperties::Builder()
                           .compression(arrow::Compression::ZSTD)
                           ->max_row_group_length(kRowGroupRows)
                           ->build();
    ARROW_ASSIGN_OR_RAISE(auto writer,
                          parquet::arrow::FileWriter::Open(*ToArrow(schema), arrow::default_memory_pool(), out, bytes));
    while (true) {
      auto frame = next();
      if (!frame.ok()) {
        source_error = frame.error();
        return arrow::Status::Cancelled("the source failed");
      }
      if (!*frame) break;
      ARROW_ASSIGN_OR_RAISE(const auto batch, ToArrow(**frame));
      ARROW_RETURN_NOT_OK(writer->WriteRecordBatch(*batch));
    }
    ARROW_RETURN_NOT_OK(writer->Close());
    return true;
  });
  if (source_error) return *std::move(source_error);
  if (out->error()) return *out->error();
  if (!written.ok())
    return Error{.code = "E0501", .message = "Parquet: " + written.error().message, .where = {.file = path}};
  return Ok();
}

template <class NextFrame>
Status WriteDurably(StateFs& files, const std::string& path, const Schema& schema, NextFrame next) {
  const std::string temporary = path + ".tmp";
  const auto write = [&]() -> Status {
    TRY(auto file, files.OpenFile(temporary, StateFs::Open::kCreate));
    TRY_OK(file->Truncate(0));
    TRY_OK(WriteRows(*file, path, schema, next));
    return file->Sync();
  };
  if (auto status = write(); !status.ok()) {
    (void)files.Unlink(temporary);  // the first error is the one to tell
    return status;
  }
  TRY_OK(files.Rename(temporary, path));
  return files.SyncFolder(ParentFolder(path));
}

}  // namespace

Status WriteParquet(StateFs& files, const std::string& path, TableSource& source) {
  return WriteDurably(files, path, source.schema(), [&] { return source.Next(); });
}

Status WriteParquet(StateFs& files, const std::string& path, const std::vector<Frame>& frames) {
  RETRAIN_ALWAYS(!frames.empty());
  std::size_t next = 0;
  return WriteDurably(files, path, frames.front().schema(), [&]() -> Result<std::optional<Frame>> {
    if (next == frames.size()) return std::optional<Frame>();
    return std::optional<Frame>(frames[next++]);
  });
}

}  // namespace retrain::data
