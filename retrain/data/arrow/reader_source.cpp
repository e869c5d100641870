#include "retrain/data/arrow/reader_source.h"

#include <algorithm>

#include <arrow/record_batch.h>

#include "retrain/data/arrow/fence.h"

namespace retrain::data {

ReaderSource::ReaderSource(std::shared_ptr<arrow::RecordBatchReader> reader, Schema schema, Options options)
    : reader_(std::move(reader)), converter_(std::move(schema), *reader_->schema()), options_(std::move(options)) {
  RETRAIN_ALWAYS(options_.batch_rows > 0);
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> ReaderSource::NextSlice() {
  while (reader_ != nullptr) {
    if (batch_ == nullptr) {
      ARROW_RETURN_NOT_OK(reader_->ReadNext(&batch_));
      position_ = 0;
      if (batch_ == nullptr) {
        reader_.reset();
        break;
      }
      ARROW_RETURN_NOT_OK(options_.check_values ? batch_->ValidateFull() : batch_->Validate());
    }
    const std::int64_t skipped = std::min(options_.skip, batch_->num_rows() - position_);
    options_.skip -= skipped;
    position_ += skipped;
    const std::int64_t take = std::min(options_.batch_rows, batch_->num_rows() - position_);
    if (take == 0) {
      batch_.reset();
      continue;
    }
    auto slice = batch_->Slice(position_, take);
    position_ += take;
    return slice;
  }
  return nullptr;
}

Result<std::optional<Frame>> ReaderSource::Next() {
  return Fenced(options_.name, [this]() -> arrow::Result<std::optional<Frame>> {
    ARROW_ASSIGN_OR_RAISE(const auto slice, NextSlice());
    if (slice == nullptr) return std::nullopt;
    ARROW_ASSIGN_OR_RAISE(auto frame, converter_.Convert(slice));
    return std::optional<Frame>(std::move(frame));
  });
}

}  // namespace retrain::data
