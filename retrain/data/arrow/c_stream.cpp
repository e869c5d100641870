#include "retrain/data/arrow/c_stream.h"

#include <arrow/c/bridge.h>
#include <arrow/record_batch.h>

#include "retrain/data/arrow/fence.h"
#include "retrain/data/arrow/reader_source.h"

namespace retrain::data {

Result<std::unique_ptr<TableSource>> ImportStream(ArrowArrayStream* stream, const ReadOptions& options) {
  const std::string name = "the table";
  auto reader = Fenced(name, [&] { return arrow::ImportRecordBatchReader(stream); });
  if (!reader.ok()) {
    if (stream->release != nullptr) stream->release(stream);
    return std::move(reader).error();
  }
  TRY(auto schema, ReadSchema(*reader.value()->schema(), options, name));
  return std::unique_ptr<TableSource>(
      std::make_unique<ReaderSource>(std::move(reader).value(), std::move(schema),
                                     ReaderSource::Options{.name = name, .batch_rows = options.batch_rows}));
}

}  // namespace retrain::data
