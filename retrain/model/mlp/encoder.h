#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/data/frame.h"
#include "retrain/model/mlp/encoded_rows.h"
#include "retrain/model/mlp/layout.h"
#include "retrain/model/model.h"

namespace retrain::model::mlp {

// A numeric input: (x - median) · scale, bent into (-3, 3) by x / sqrt(1 + (x/3)²), so that no outlier reaches the
// network (robust scaling and smooth clipping of RealMLP: Holzmüller, Grinsztajn and Steinwart 2024).
struct NumberColumn {
  std::string name;
  double median = 0;
  double scale = 0;       // 1 / interquartile range; 0: constant, says nothing
  bool nullable = false;  // had nulls when it was fitted: has an input "missing"

  float Scaled(double x) const;  // NaN stays NaN
  bool operator==(const NumberColumn&) const = default;
};

// A categorical input. The code of levels[i] is i + 1; 0 stands for null, rare and never seen. Levels are only ever
// appended, so a code means the same for all descendants of a version.
struct CategoryColumn {
  std::string name;
  data::ColumnType type = data::ColumnType::kText;
  bool embedded = false;
  std::vector<std::string> levels;

  bool operator==(const CategoryColumn&) const = default;
};

inline constexpr std::size_t kMostLevels = 65'535;  // a code has 16 bits

// How a table's rows become the numbers that the network reads. A value; safe to read from many threads.
struct Encoder {
  std::vector<NumberColumn> numbers;
  std::vector<CategoryColumn> categories;  // those with inputs of their own first, then the embedded ones
  double target_mean = 0;                  // regression; the network learns (y - mean) / scale …
  double target_scale = 1;
  double target_low = 0;  // … and never predicts beyond what it has seen
  double target_high = 0;

  // Appends the features of the rows. E0203 or E0204 for a column that is missing or of another type.
  Status Append(const data::Frame& rows, EncodedRows& into) const;

  // Appends the features as trees read them, row-major: the numbers as they are, then the codes. Errors as Append.
  Status AppendPlain(const data::Frame& rows, std::vector<double>& into) const;

  // Appends targets as AppendTargets (retrain/model/targets.h) gives them.
  void AppendLabels(data::Task task, std::span<const double> targets, EncodedRows& into) const;

  // Makes the scale and range of the target those of another encoder.
  void TakeTargetsOf(const Encoder& other);

  Shape ShapeOf(std::vector<std::int32_t> hidden, const data::Labels& labels) const;

  bool operator==(const Encoder&) const = default;
};

std::string ToBytes(const Encoder& encoder);
Result<Encoder> EncoderFromBytes(std::string_view bytes);  // E0301

}  // namespace retrain::model::mlp
