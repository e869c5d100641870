#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "retrain/data/table_source.h"

namespace retrain::testing {

inline constexpr double kNullNumber = std::numeric_limits<double>::quiet_NaN();

// Writes a frame down, a column a line:
//   const auto frame = FrameOf(3).Number("x", {1, 2, kNullNumber}).Text("carrier", {"AA", {}, "UA"}).Build();
class FrameOf {
 public:
  explicit FrameOf(std::int64_t rows) : rows_(rows) {}

  FrameOf& Number(std::string name, std::vector<double> values);
  FrameOf& Integer(std::string name, std::vector<double> values);
  FrameOf& Boolean(std::string name, std::vector<double> values);
  FrameOf& Time(std::string name, std::vector<double> microseconds);
  FrameOf& Text(std::string name, const std::vector<std::optional<std::string>>& values);

  data::Frame Build() const;  // REQUIRES: every column is as long as was said

 private:
  struct Part {
    data::Field field;
    std::vector<double> numbers = {};
    std::vector<std::int32_t> codes = {};
    std::vector<std::string> levels = {};
  };
  std::int64_t rows_;
  std::vector<Part> parts_;
};

// Frames that are there already, as a table that can be read again and again. REQUIRES: all have the same schema.
class MemoryTable final : public data::Table {
 public:
  MemoryTable(data::Schema schema, std::vector<data::Frame> frames)
      : schema_(std::move(schema)), frames_(std::move(frames)) {}
  explicit MemoryTable(const data::Frame& frame) : MemoryTable(frame.schema(), {frame}) {}

  Result<std::unique_ptr<data::TableSource>> Open() const override;  // frames without rows are passed over

 private:
  data::Schema schema_;
  std::vector<data::Frame> frames_;
};

// All values of one column, as text: numbers in shortest form, "null", and "missing" when there is no such column.
std::vector<std::string> Cells(const std::vector<data::Frame>& frames, std::string_view column);

// All frames of a source. An error stops the test's program, named.
std::vector<data::Frame> ReadAll(data::TableSource& source);

}  // namespace retrain::testing
