#include <arrow/record_batch.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/schema.h>
#include <parquet/file_reader.h>

#include "retrain/data/arrow/fence.h"
#include "retrain/data/arrow/formats.h"
#include "retrain/data/arrow/random_access.h"
#include "retrain/data/arrow/reader_source.h"

namespace retrain::data {
namespace {

// Bytes of a column's pages that are held at once: without it a whole column of a row group would be.
constexpr std::int64_t kPageBufferBytes = 256 * 1024;

bool IsFlatText(const parquet::ColumnDescriptor& column) {
  const auto& logical = *column.logical_type();
  return column.physical_type() == parquet::Type::BYTE_ARRAY && column.max_repetition_level() == 0 &&
         (logical.is_string() || logical.is_none() || logical.is_enum() || logical.is_JSON());
}

// No threads of Arrow's own; text comes as dictionaries, which is how it lies in the file.
arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> OpenReader(std::shared_ptr<RandomAccess> file,
                                                                      std::int64_t batch_rows) {
  parquet::ReaderProperties bytes(arrow::default_memory_pool());
  bytes.enable_buffered_stream();
  bytes.set_buffer_size(kPageBufferBytes);
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(std::move(file), bytes));
  parquet::ArrowReaderProperties rows(/*use_threads=*/false);
  rows.set_batch_size(batch_rows);
  rows.set_pre_buffer(false);
  const auto& schema = *builder.raw_reader()->metadata()->schema();
  for (int i = 0; i < schema.num_columns(); ++i) {
    if (IsFlatText(*schema.Column(i))) rows.set_read_dictionary(i, true);
  }
  builder.properties(rows);
  return builder.Build();
}

std::vector<int> LeavesOf(const parquet::arrow::FileReader& reader, const Schema& schema) {
  std::vector<int> leaves;
  for (const auto& field : reader.manifest().schema_fields) {
    if (schema.Find(field.field->name()) != nullptr) leaves.push_back(field.column_index);
  }
  return leaves;
}

// Reads batches for as long as the file's reader must live with them.
class RowGroups final : public arrow::RecordBatchReader {
 public:
  RowGroups(std::unique_ptr<parquet::arrow::FileReader> file, std::shared_ptr<arrow::RecordBatchReader> batches)
      : file_(std::move(file)), batches_(std::move(batches)) {}
  std::shared_ptr<arrow::Schema> schema() const override { return batches_->schema(); }
  arrow::Status ReadNext(std::shared_ptr<arrow::RecordBatch>* batch) override { return batches_->ReadNext(batch); }

 private:
  std::unique_ptr<parquet::arrow::FileReader> file_;
  std::shared_ptr<arrow::RecordBatchReader> batches_;
};

}  // namespace

Result<std::unique_ptr<TableSource>> OpenParquet(StateFs& files, const std::string& path, const ReadOptions& options,
                                                 std::int64_t begin) {
  TRY(auto file, RandomAccess::Open(files, path));
  TRY(auto reader, Fenced(path, [&] { return OpenReader(std::move(file), options.batch_rows); }));
  TRY(const auto found, Fenced(path, [&]() -> arrow::Result<std::shared_ptr<arrow::Schema>> {
        std::shared_ptr<arrow::Schema> schema;
        ARROW_RETURN_NOT_OK(reader->GetSchema(&schema));
        return schema;
      }));
  TRY(auto schema, ReadSchema(*found, options, path));

  std::vector<int> groups;
  const auto metadata = reader->parquet_reader()->metadata();
  for (int group = 0; group < metadata->num_row_groups(); ++group) {
    const std::int64_t rows = metadata->RowGroup(group)->num_rows();
    if (groups.empty() && begin >= rows) {
      begin -= rows;
    } else {
      groups.push_back(group);
    }
  }
  TRY(auto batches, Fenced(path, [&] { return reader->GetRecordBatchReader(groups, LeavesOf(*reader, schema)); }));
  auto rows = std::make_shared<RowGroups>(std::move(reader), std::move(batches));
  return std::unique_ptr<TableSource>(std::make_unique<ReaderSource>(
      std::move(rows), std::move(schema),
      ReaderSource::Options{.name = path, .batch_rows = options.batch_rows, .skip = begin}));
}

Result<std::int64_t> CountParquetRows(StateFs& files, const std::string& path) {
  TRY(auto file, RandomAccess::Open(files, path));
  return Fenced(path, [&]() -> arrow::Result<std::int64_t> {
    return parquet::ParquetFileReader::Open(std::move(file))->metadata()->num_rows();
  });
}

}  // namespace retrain::data
