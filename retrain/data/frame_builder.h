#pragma once

#include <string>
#include <vector>

#include "retrain/data/frame.h"

namespace retrain::data {

// Makes a frame that owns its values, a column at a time. Not safe from many threads.
class FrameBuilder {
 public:
  FrameBuilder();

  // REQUIRES: type is not kText. Null is NaN.
  FrameBuilder& Numbers(std::string name, ColumnType type, std::vector<double> values);

  // REQUIRES: each code indexes `levels` or is -1 (null); no level stands twice.
  FrameBuilder& Text(std::string name, std::vector<std::int32_t> codes, std::vector<std::string> levels);

  Frame Finish(std::int64_t rows);  // REQUIRES: called once, last; every column is `rows` long

 private:
  struct Storage;
  Schema schema_;
  std::vector<Column> columns_;
  std::shared_ptr<Storage> storage_;
};

}  // namespace retrain::data
