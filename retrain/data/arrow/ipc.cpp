#include <arrow/ipc/reader.h>
#include <arrow/record_batch.h>

#include "retrain/data/arrow/fence.h"
#include "retrain/data/arrow/formats.h"
#include "retrain/data/arrow/random_access.h"
#include "retrain/data/arrow/reader_source.h"

namespace retrain::data {
namespace {

constexpr std::string_view kFileMagic = "ARROW1";

// The batches of an IPC file, in their order.
class FileBatches final : public arrow::RecordBatchReader {
 public:
  explicit FileBatches(std::shared_ptr<arrow::ipc::RecordBatchFileReader> file) : file_(std::move(file)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return file_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override {
    batch->reset();
    if (next_ == file_->num_record_batches()) return arrow::Status::OK();
    return file_->ReadRecordBatch(next_++).Value(batch);
  }

 private:
  std::shared_ptr<arrow::ipc::RecordBatchFileReader> file_;
  int next_ = 0;
};

arrow::Result<bool> HasFooter(RandomAccess& file) {
  char magic[kFileMagic.size()] = {};
  ARROW_ASSIGN_OR_RAISE(const auto read, file.ReadAt(0, sizeof magic, magic));
  return std::string_view(magic, static_cast<std::size_t>(read)) == kFileMagic;
}

// Only the columns of `included` (places in the file's schema; empty: all) are read.
arrow::Result<std::shared_ptr<arrow::RecordBatchReader>> OpenBatches(const std::shared_ptr<RandomAccess>& file,
                                                                     std::vector<int> included) {
  auto options = arrow::ipc::IpcReadOptions::Defaults();
  options.use_threads = false;
  options.included_fields = std::move(included);
  ARROW_ASSIGN_OR_RAISE(const bool has_footer, HasFooter(*file));
  if (has_footer) {
    ARROW_ASSIGN_OR_RAISE(auto batches, arrow::ipc::RecordBatchFileReader::Open(file, options));
    return std::make_shared<FileBatches>(std::move(batches));
  }
  ARROW_RETURN_NOT_OK(file->Seek(0));
  ARROW_ASSIGN_OR_RAISE(auto batches, arrow::ipc::RecordBatchStreamReader::Open(file, options));
  return std::shared_ptr<arrow::RecordBatchReader>(std::move(batches));
}

std::vector<int> PlacesOf(const Schema& schema, const arrow::Schema& source) {
  std::vector<int> places;
  for (int i = 0; i < source.num_fields(); ++i) {
    if (schema.Find(source.field(i)->name()) != nullptr) places.push_back(i);
  }
  return places;
}

}  // namespace

Result<std::unique_ptr<TableSource>> OpenIpc(StateFs& files, const std::string& path, const ReadOptions& options,
                                             std::int64_t begin) {
  TRY(const auto file, RandomAccess::Open(files, path));
  TRY(auto batches, Fenced(path, [&] { return OpenBatches(file, {}); }));
  TRY(auto schema, ReadSchema(*batches->schema(), options, path));
  const auto places = PlacesOf(schema, *batches->schema());
  if (!places.empty() && std::ssize(places) < batches->schema()->num_fields()) {
    TRY(batches, Fenced(path, [&] { return OpenBatches(file, places); }));
  }
  return std::unique_ptr<TableSource>(std::make_unique<ReaderSource>(
      std::move(batches), std::move(schema),
      ReaderSource::Options{.name = path, .batch_rows = options.batch_rows, .skip = begin, .check_values = true}));
}

Result<std::int64_t> CountIpcRows(StateFs& files, const std::string& path) {
  TRY(const auto file, RandomAccess::Open(files, path));
  return Fenced(path, [&]() -> arrow::Result<std::int64_t> {
    ARROW_ASSIGN_OR_RAISE(const bool has_footer, HasFooter(*file));
    if (has_footer) {
      ARROW_ASSIGN_OR_RAISE(const auto batches, arrow::ipc::RecordBatchFileReader::Open(file));
      return batches->CountRows();
    }
    ARROW_ASSIGN_OR_RAISE(const auto batches, OpenBatches(file, {}));
    std::int64_t rows = 0;
    while (true) {
      std::shared_ptr<arrow::RecordBatch> batch;
      ARROW_RETURN_NOT_OK(batches->ReadNext(&batch));
      if (batch == nullptr) return rows;
      rows += batch->num_rows();
    }
  });
}

}  // namespace retrain::data
