#pragma once

#include <arrow/type_fwd.h>

#include "retrain/data/files.h"

namespace retrain::data {

// The columns of an Arrow schema that are asked for, as a Schema; `name` names the file in errors. E0202 when two
// columns have the same name, E0203 and E0204 as ReadOptions says.
Result<Schema> ReadSchema(const arrow::Schema& source, const ReadOptions& options, const std::string& name);

// Turns record batches into frames. Doubles and 32-bit dictionary codes without nulls are viewed where they lie; all
// else is converted in one pass. Keeps the levels of a dictionary that batches share. Not safe from many threads.
class BatchConverter final {
 public:
  // REQUIRES: `batches` has every field of `schema`.
  BatchConverter(Schema schema, const arrow::Schema& batches);
  ~BatchConverter();
  BatchConverter(BatchConverter&&) noexcept;

  const Schema& schema() const { return schema_; }
  arrow::Result<Frame> Convert(const std::shared_ptr<arrow::RecordBatch>& batch);

 private:
  struct Levels;
  struct Storage;
  arrow::Result<Column> ConvertText(std::size_t index, const std::shared_ptr<arrow::Array>& array, Storage& storage);

  Schema schema_;
  std::vector<int> sources_;                           // of each field: its place in a batch
  std::vector<std::shared_ptr<const Levels>> levels_;  // of each field: of the last dictionary
};

}  // namespace retrain::data
