#include <arrow/buffer.h>
#include <arrow/c/bridge.h>
#include <arrow/io/memory.h>
#include <arrow/ipc/writer.h>
#include <arrow/record_batch.h>
#include <gtest/gtest.h>

#include "retrain/data/arrow/c_stream.h"
#include "retrain/data/arrow/to_arrow.h"
#include "retrain/data/arrow/write_parquet.h"
#include "retrain/data/files.h"
#include "retrain/testing/table_conformance.h"

// Every way to read a table keeps the promises of TableSource.
namespace retrain::testing {
namespace {

using data::Frame;
using data::TableSource;
using Opened = Result<std::unique_ptr<TableSource>>;

void Put(StateFs& files, const std::string& path, std::string_view bytes) {
  const auto written = WriteFileDurably(files, path, bytes);
  RETRAIN_ALWAYS(written.ok());
}

// Several pieces, so that the order of files, row groups and batches is tried too.
std::vector<Frame> Pieces(const Frame& frame, std::int64_t pieces) {
  std::vector<Frame> frames;
  for (std::int64_t i = 0; i < pieces; ++i) {
    const std::int64_t begin = frame.rows() * i / pieces;
    frames.push_back(frame.Slice(begin, frame.rows() * (i + 1) / pieces - begin));
  }
  return frames;
}

Opened AsParquet(SimDisk& disk, const Frame& frame, std::int64_t batch_rows) {
  TRY_OK(data::WriteParquet(disk, "t.parquet", Pieces(frame, 3)));
  return data::OpenFile(disk, "t.parquet", {.batch_rows = batch_rows});
}

template <class MakeWriter>
void WriteIpc(SimDisk& disk, const std::string& path, const Frame& frame, MakeWriter make) {
  const auto out = arrow::io::BufferOutputStream::Create().ValueOrDie();
  auto options = arrow::ipc::IpcWriteOptions::Defaults();
  options.unify_dictionaries = true;
  const auto writer = make(out, data::ToArrow(frame.schema()), options).ValueOrDie();
  ASSERT_TRUE(writer->WriteRecordBatch(*data::ToArrow(frame).ValueOrDie()).ok());
  ASSERT_TRUE(writer->Close().ok());
  Put(disk, path, out->Finish().ValueOrDie()->ToString());
}

Opened AsIpcFile(SimDisk& disk, const Frame& frame, std::int64_t batch_rows) {
  WriteIpc(disk, "t.arrow", frame,
           [](auto out, auto schema, auto options) { return arrow::ipc::MakeFileWriter(out, schema, options); });
  return data::OpenFile(disk, "t.arrow", {.batch_rows = batch_rows});
}

Opened AsIpcStream(SimDisk& disk, const Frame& frame, std::int64_t batch_rows) {
  WriteIpc(disk, "t.ipc", frame,
           [](auto out, auto schema, auto options) { return arrow::ipc::MakeStreamWriter(out, schema, options); });
  return data::OpenFile(disk, "t.ipc", {.batch_rows = batch_rows});
}

Opened AsCStream(SimDisk&, const Frame& frame, std::int64_t batch_rows) {
  arrow::RecordBatchVector batches;
  for (const Frame& piece : Pieces(frame, 2)) batches.push_back(data::ToArrow(piece).ValueOrDie());
  ArrowArrayStream stream;
  const auto reader = arrow::RecordBatchReader::Make(batches, data::ToArrow(frame.schema())).ValueOrDie();
  RETRAIN_ALWAYS(arrow::ExportRecordBatchReader(reader, &stream).ok());
  return data::ImportStream(&stream, {.batch_rows = batch_rows});
}

std::string CsvCell(const data::Field& field, const std::string& cell) {
  if (cell == "null") return "";
  if (field.type == data::ColumnType::kBoolean) return cell == "1" ? "true" : "false";
  if (field.type == data::ColumnType::kTime)
    return cell == "0"                ? "1970-01-01"
           : cell.ends_with("250000") ? "2026-03-01T13:30:00.25+01:00"
                                      : "2026-03-01 12:30:00";
  std::string quoted = "\"";
  for (const char c : cell) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

std::string ToCsv(const Frame& frame) {
  std::string text;
  std::vector<std::vector<std::string>> columns;
  for (const auto& field : frame.schema().fields) {
    text += (text.empty() ? "" : ",") + field.name;
    columns.push_back(Cells({frame}, field.name));
  }
  for (std::int64_t row = 0; row < frame.rows(); ++row) {
    text += "\r\n";
    for (std::size_t i = 0; i < columns.size(); ++i) {
      text += (i > 0 ? "," : "") + CsvCell(frame.schema().fields[i], columns[i][static_cast<std::size_t>(row)]);
    }
  }
  return text;  // no line end at the end
}

Opened AsCsv(SimDisk& disk, const Frame& frame, std::int64_t batch_rows) {
  Put(disk, "t.csv", ToCsv(frame));
  const data::Schema& expected = frame.schema();
  return data::OpenFile(disk, "t.csv", {.batch_rows = batch_rows, .expected = &expected});
}

Opened AsRanges(SimDisk& disk, const Frame& frame, std::int64_t batch_rows) {
  const auto pieces = Pieces(frame, 2);
  TRY_OK(data::WriteParquet(disk, "1.parquet", {pieces[0]}));
  TRY_OK(data::WriteParquet(disk, "2.parquet", {pieces[1]}));
  const std::int64_t half = pieces[0].rows() / 2;
  return data::OpenRanges(disk, {{"1.parquet", 0, half}, {"1.parquet", half, -1}, {"2.parquet"}},
                          {.batch_rows = batch_rows});
}

Opened FromMemory(SimDisk&, const Frame& frame, std::int64_t batch_rows) {
  return MemoryTable(frame.schema(), Pieces(frame, frame.rows() / batch_rows + 1)).Open();
}

INSTANTIATE_TEST_SUITE_P(Every, TableConformance,
                         ::testing::Values(TableFormat{"Parquet", &AsParquet}, TableFormat{"IpcFile", &AsIpcFile},
                                           TableFormat{"IpcStream", &AsIpcStream}, TableFormat{"CStream", &AsCStream},
                                           TableFormat{"Csv", &AsCsv}, TableFormat{"Ranges", &AsRanges},
                                           TableFormat{"Memory", &FromMemory}),
                         [](const auto& format) { return format.param.name; });

}  // namespace
}  // namespace retrain::testing
