#include "retrain/data/csv/source.h"

#include <algorithm>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "retrain/data/csv/cells.h"
#include "retrain/data/csv/reader.h"
#include "retrain/data/frame_builder.h"

namespace retrain::data {
namespace {

// The values of one column, gathered for one frame.
class ColumnGatherer {
 public:
  ColumnGatherer(Field field, std::size_t place) : field_(std::move(field)), place_(place) {}

  Status Take(const CsvReader& reader, std::string_view cell) {
    if (IsNullCell(cell)) {
      TakeNull();
      return Ok();
    }
    if (field_.type == ColumnType::kText) return TakeText(reader, cell);
    const auto number = ParseCell(field_.type, cell);
    if (!number) {
      auto fault = reader.Fault(
          fmt::format("column `{}` is {} and holds `{}`", field_.name, Name(field_.type), cell.substr(0, 40)));
      fault.code = "E0204";
      fault.where.key = field_.name;
      return fault;
    }
    numbers_.push_back(*number);
    return Ok();
  }

  void MoveTo(FrameBuilder& frame) {
    if (field_.type == ColumnType::kText) {
      frame.Text(field_.name, std::move(codes_), std::move(levels_));
    } else {
      frame.Numbers(field_.name, field_.type, std::move(numbers_));
    }
    numbers_ = {};
    codes_ = {};
    levels_ = {};
    code_of_.clear();
  }

  std::size_t place() const { return place_; }

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };

  void TakeNull() {
    if (field_.type == ColumnType::kText) {
      codes_.push_back(-1);
    } else {
      numbers_.push_back(std::numeric_limits<double>::quiet_NaN());
    }
  }

  Status TakeText(const CsvReader& reader, std::string_view cell) {
    auto known = code_of_.find(cell);
    if (known == code_of_.end()) {
      if (!IsUtf8(cell)) {
        auto fault = reader.Fault(fmt::format("column `{}` holds bytes that are not UTF-8 text", field_.name));
        fault.where.key = field_.name;
        fault.hint = "save the file as UTF-8";
        return fault;
      }
      known = code_of_.emplace(cell, static_cast<std::int32_t>(levels_.size())).first;
      levels_.emplace_back(cell);
    }
    codes_.push_back(known->second);
    return Ok();
  }

  Field field_;
  std::size_t place_;  // of the cell in its row
  std::vector<double> numbers_;
  std::vector<std::int32_t> codes_;
  std::vector<std::string> levels_;
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> code_of_;
};

class CsvSource final : public TableSource {
 public:
  CsvSource(CsvReader reader, Schema schema, std::int64_t batch_rows, std::int64_t skip)
      : reader_(std::move(reader)), schema_(std::move(schema)), batch_rows_(batch_rows), skip_(skip) {
    for (const Field& field : schema_.fields) {
      const auto place = std::ranges::find(reader_.names(), field.name) - reader_.names().begin();
      columns_.emplace_back(field, static_cast<std::size_t>(place));
    }
  }

  const Schema& schema() const override { return schema_; }

  Result<std::optional<Frame>> Next() override {
    std::int64_t rows = 0;
    while (!done_ && rows < batch_rows_) {
      TRY(const bool is_row, reader_.Next(cells_));
      done_ = !is_row;
      if (done_ || reader_.row() < skip_) continue;
      for (ColumnGatherer& column : columns_) TRY_OK(column.Take(reader_, cells_[column.place()]));
      ++rows;
    }
    if (rows == 0) return std::optional<Frame>();
    FrameBuilder frame;
    for (ColumnGatherer& column : columns_) column.MoveTo(frame);
    return std::optional<Frame>(frame.Finish(rows));
  }

 private:
  CsvReader reader_;
  Schema schema_;
  std::int64_t batch_rows_;
  std::int64_t skip_;
  bool done_ = false;
  std::vector<std::string_view> cells_;
  std::vector<ColumnGatherer> columns_;
};

// The types of those columns that `schema` leaves open (in `open`, places in both schema and rows), by all cells.
Status TypeByAllCells(StateFs& files, const std::string& path, const std::vector<std::size_t>& open, Schema& schema) {
  TRY(auto reader, CsvReader::Open(files, path));
  std::vector<CellTypes> types(open.size());
  std::vector<std::string_view> cells;
  while (true) {
    TRY(const bool is_row, reader.Next(cells));
    if (!is_row) break;
    for (std::size_t i = 0; i < open.size(); ++i) types[i].See(cells[open[i]]);
  }
  for (std::size_t i = 0; i < open.size(); ++i) {
    schema.fields[open[i]].type = types[i].type();
    schema.fields[open[i]].only_nulls = types[i].only_nulls();
  }
  return Ok();
}

Result<Schema> ResolveSchema(StateFs& files, const std::string& path, const CsvReader& reader,
                             const ReadOptions& options) {
  Schema all;
  std::vector<std::size_t> open;
  for (const std::string& name : reader.names()) {
    const Field* expected = options.expected == nullptr ? nullptr : options.expected->Find(name);
    const bool is_wanted = options.columns.empty() || std::ranges::find(options.columns, name) != options.columns.end();
    if (expected == nullptr && is_wanted) open.push_back(all.fields.size());
    all.fields.push_back(expected == nullptr ? Field{name} : *expected);
  }
  for (const std::string& name : options.columns) {
    if (all.Find(name) == nullptr) return MissingColumn(all, name, path);
  }
  if (!open.empty()) TRY_OK(TypeByAllCells(files, path, open, all));
  if (options.columns.empty()) return all;
  Schema schema;
  for (const std::string& name : options.columns) schema.fields.push_back(*all.Find(name));
  return schema;
}

}  // namespace

Result<std::unique_ptr<TableSource>> OpenCsv(StateFs& files, const std::string& path, const ReadOptions& options,
                                             std::int64_t begin) {
  TRY(auto reader, CsvReader::Open(files, path));
  TRY(auto schema, ResolveSchema(files, path, reader, options));
  return std::unique_ptr<TableSource>(
      std::make_unique<CsvSource>(std::move(reader), std::move(schema), options.batch_rows, begin));
}

Result<std::vector<std::string>> CsvNames(StateFs& files, const std::string& path) {
  TRY(const auto reader, CsvReader::Open(files, path));
  return reader.names();
}

Result<std::int64_t> CountCsvRows(StateFs& files, const std::string& path) {
  TRY(auto reader, CsvReader::Open(files, path));
  std::vector<std::string_view> cells;
  while (true) {
    TRY(const bool is_row, reader.Next(cells));
    if (!is_row) return reader.row();
  }
}

}  // namespace retrain::data
