#include "retrain/data/frame_builder.h"

#include <deque>

namespace retrain::data {

struct FrameBuilder::Storage {
  std::deque<std::vector<double>> numbers;
  std::deque<std::vector<std::int32_t>> codes;
  std::deque<std::vector<std::string>> words;
  std::deque<std::vector<std::string_view>> levels;
};

FrameBuilder::FrameBuilder() : storage_(std::make_shared<Storage>()) {}

FrameBuilder& FrameBuilder::Numbers(std::string name, ColumnType type, std::vector<double> values) {
  RETRAIN_ALWAYS(type != ColumnType::kText);
  schema_.fields.push_back({std::move(name), type});
  columns_.push_back({.type = type, .numbers = storage_->numbers.emplace_back(std::move(values))});
  return *this;
}

FrameBuilder& FrameBuilder::Text(std::string name, std::vector<std::int32_t> codes, std::vector<std::string> levels) {
  schema_.fields.push_back({std::move(name), ColumnType::kText});
  const auto& words = storage_->words.emplace_back(std::move(levels));
  columns_.push_back({.type = ColumnType::kText,
                      .codes = storage_->codes.emplace_back(std::move(codes)),
                      .levels = storage_->levels.emplace_back(words.begin(), words.end())});
  return *this;
}

Frame FrameBuilder::Finish(std::int64_t rows) {
  return {std::move(schema_), std::move(columns_), rows, std::move(storage_)};
}

}  // namespace retrain::data
