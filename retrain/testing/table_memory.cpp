#include "retrain/testing/table_memory.h"

#include <map>

#include <fmt/format.h>

#include "retrain/data/frame_builder.h"

namespace retrain::testing {
namespace {

using data::ColumnType;

class MemorySource final : public data::TableSource {
 public:
  MemorySource(data::Schema schema, std::vector<data::Frame> frames)
      : schema_(std::move(schema)), frames_(std::move(frames)) {}
  const data::Schema& schema() const override { return schema_; }
  Result<std::optional<data::Frame>> Next() override {
    while (next_ < frames_.size() && frames_[next_].rows() == 0) ++next_;
    if (next_ == frames_.size()) return std::optional<data::Frame>();
    return std::optional<data::Frame>(frames_[next_++]);
  }

 private:
  data::Schema schema_;
  std::vector<data::Frame> frames_;
  std::size_t next_ = 0;
};

std::string CellText(const data::Column& column, std::int64_t row) {
  if (column.IsNull(row)) return "null";
  const auto at = static_cast<std::size_t>(row);
  if (column.type == ColumnType::kText) return std::string(column.levels[static_cast<std::size_t>(column.codes[at])]);
  return fmt::format("{}", column.numbers[at]);
}

}  // namespace

FrameOf& FrameOf::Number(std::string name, std::vector<double> values) {
  parts_.push_back({.field = {std::move(name), ColumnType::kNumber}, .numbers = std::move(values)});
  return *this;
}

FrameOf& FrameOf::Integer(std::string name, std::vector<double> values) {
  parts_.push_back({.field = {std::move(name), ColumnType::kInteger}, .numbers = std::move(values)});
  return *this;
}

FrameOf& FrameOf::Boolean(std::string name, std::vector<double> values) {
  parts_.push_back({.field = {std::move(name), ColumnType::kBoolean}, .numbers = std::move(values)});
  return *this;
}

FrameOf& FrameOf::Time(std::string name, std::vector<double> microseconds) {
  parts_.push_back({.field = {std::move(name), ColumnType::kTime}, .numbers = std::move(microseconds)});
  return *this;
}

FrameOf& FrameOf::Text(std::string name, const std::vector<std::optional<std::string>>& values) {
  Part part{.field = {std::move(name), ColumnType::kText}};
  std::map<std::string, std::int32_t> codes;
  for (const auto& value : values) {
    if (!value) {
      part.codes.push_back(-1);
      continue;
    }
    const auto [known, is_new] = codes.emplace(*value, static_cast<std::int32_t>(part.levels.size()));
    if (is_new) part.levels.push_back(*value);
    part.codes.push_back(known->second);
  }
  parts_.push_back(std::move(part));
  return *this;
}

data::Frame FrameOf::Build() const {
  data::FrameBuilder builder;
  for (const Part& part : parts_) {
    if (part.field.type == ColumnType::kText) {
      builder.Text(part.field.name, part.codes, part.levels);
    } else {
      builder.Numbers(part.field.name, part.field.type, part.numbers);
    }
  }
  return builder.Finish(rows_);
}

Result<std::unique_ptr<data::TableSource>> MemoryTable::Open() const {
  return std::unique_ptr<data::TableSource>(std::make_unique<MemorySource>(schema_, frames_));
}

std::vector<std::string> Cells(const std::vector<data::Frame>& frames, std::string_view column) {
  std::vector<std::string> cells;
  for (const data::Frame& frame : frames) {
    const data::Column* found = frame.Find(column);
    for (std::int64_t row = 0; row < frame.rows(); ++row)
      cells.push_back(found == nullptr ? "missing" : CellText(*found, row));
  }
  return cells;
}

std::vector<data::Frame> ReadAll(data::TableSource& source) {
  std::vector<data::Frame> frames;
  while (true) {
    auto frame = source.Next();
    if (!frame.ok()) Bug(ToText(frame.error()).c_str(), __FILE__, __LINE__);
    if (!*frame) return frames;
    frames.push_back(**frame);
  }
}

}  // namespace retrain::testing
