#pragma once

#include <arrow/type_fwd.h>

#include "retrain/data/arrow/columns.h"

namespace retrain::data {

// Any reader of record batches as a TableSource: skips the first rows, cuts batches to size, converts them.
class ReaderSource final : public TableSource {
 public:
  struct Options {
    std::string name;             // of the file, in errors
    std::int64_t batch_rows = 0;  // most rows of a frame
    std::int64_t skip = 0;        // rows at the start
    bool check_values = false;    // the bytes come from outside: look at every offset before it is used
  };

  // REQUIRES: the reader's schema has every field of `schema`.
  ReaderSource(std::shared_ptr<arrow::RecordBatchReader> reader, Schema schema, Options options);

  const Schema& schema() const override { return converter_.schema(); }
  Result<std::optional<Frame>> Next() override;

 private:
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> NextSlice();  // null at the end

  std::shared_ptr<arrow::RecordBatchReader> reader_;
  BatchConverter converter_;
  Options options_;
  std::shared_ptr<arrow::RecordBatch> batch_;  // being cut up
  std::int64_t position_ = 0;                  // within batch_
};

}  // namespace retrain::data
