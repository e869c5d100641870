#pragma once

#include <cstdint>
#include <vector>

namespace retrain::model::mlp {

// Rows as the network reads them, row by row: 4 bytes a number and 2 a category, never one-hot.
struct EncodedRows {
  std::int64_t rows = 0;
  std::int64_t numbers_per_row = 0;
  std::int64_t categories_per_row = 0;
  std::vector<float> numbers;        // scaled and clipped; NaN is missing
  std::vector<std::uint16_t> codes;  // 0 is missing, rare or never seen
  std::vector<float> labels;         // a class code, or the standardised value; empty: rows to predict
  std::vector<float> weights;        // empty: all rows weigh 1

  bool operator==(const EncodedRows&) const = default;
};

}  // namespace retrain::model::mlp
