#include "retrain/model/mlp/encoder.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include <fmt/format.h>

#include "retrain/base/bytes.h"
#include "retrain/data/labels.h"
#include "retrain/model/mlp/kernels/kernels.h"
#include "retrain/model/targets.h"

namespace retrain::model::mlp {
namespace {

Error OtherType(std::string_view name, data::ColumnType is, std::string_view was) {
  return Error{.code = "E0204",
               .message = fmt::format("column `{}` is {}, the model learned it as {}", name, data::Name(is), was),
               .where = {.key = std::string(name)}};
}

bool IsText(data::ColumnType type) { return type == data::ColumnType::kText; }

// The code of each level of a column, or of each number in it, looked up once.
std::vector<std::uint16_t> CodesOf(const CategoryColumn& known, const data::Column& column, std::int64_t rows) {
  std::unordered_map<std::string_view, std::uint16_t> code_of;
  for (std::size_t i = 0; i < known.levels.size(); ++i)
    code_of.emplace(known.levels[i], static_cast<std::uint16_t>(i + 1));
  const auto look_up = [&](std::string_view name) {
    const auto found = code_of.find(name);
    return found == code_of.end() ? std::uint16_t{0} : found->second;
  };
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(rows), 0);
  if (IsText(column.type)) {
    std::vector<std::uint16_t> of_level;
    for (const auto level : column.levels) of_level.push_back(look_up(level));
    for (std::int64_t row = 0; row < rows; ++row) {
      if (column.codes[row] >= 0) codes[row] = of_level[column.codes[row]];
    }
    return codes;
  }
  std::unordered_map<double, std::uint16_t> of_number;
  for (std::int64_t row = 0; row < rows; ++row) {
    const double x = column.numbers[row];
    if (std::isnan(x)) continue;
    const auto [entry, is_new] = of_number.try_emplace(x, std::uint16_t{0});
    if (is_new) entry->second = look_up(data::ClassName(x, column.type));
    codes[row] = entry->second;
  }
  return codes;
}

// The columns of a table's numbers and categories are found and checked here; `number(place, column)` and
// `codes(place, codes of the rows)` take them.
template <class Number, class Codes>
Status ForEachColumn(const Encoder& encoder, const data::Frame& rows, Number number, Codes codes) {
  for (std::size_t c = 0; c < encoder.numbers.size(); ++c) {
    const auto& known = encoder.numbers[c];
    TRY(const auto* column, RequireColumn(rows, known.name));
    if (IsText(column->type)) return OtherType(known.name, column->type, "a number");
    number(c, column->numbers);
  }
  for (std::size_t c = 0; c < encoder.categories.size(); ++c) {
    const auto& known = encoder.categories[c];
    TRY(const auto* column, RequireColumn(rows, known.name));
    if (IsText(column->type) != IsText(known.type)) return OtherType(known.name, column->type, data::Name(known.type));
    codes(c, CodesOf(known, *column, rows.rows()));
  }
  return Ok();
}

}  // namespace

float NumberColumn::Scaled(double x) const {
  if (std::isnan(x)) return std::numeric_limits<float>::quiet_NaN();
  if (scale == 0) return 0;
  const double z = std::clamp((x - median) * scale, -1e100, 1e100);
  return static_cast<float>(z / std::sqrt(1 + (z / 3) * (z / 3)));
}

Status Encoder::Append(const data::Frame& rows, EncodedRows& into) const {
  const auto width = static_cast<std::int64_t>(numbers.size()), codes = static_cast<std::int64_t>(categories.size());
  into.numbers_per_row = width;
  into.categories_per_row = codes;
  into.numbers.resize(static_cast<std::size_t>((into.rows + rows.rows()) * width));
  into.codes.resize(static_cast<std::size_t>((into.rows + rows.rows()) * codes));
  const auto first = static_cast<std::size_t>(into.rows);
  TRY_OK(ForEachColumn(
      *this, rows,
      [&](std::size_t c, std::span<const double> values) {
        float* out = into.numbers.data() + first * width + c;
        for (std::size_t row = 0; row < values.size(); ++row) out[row * width] = numbers[c].Scaled(values[row]);
      },
      [&](std::size_t c, const std::vector<std::uint16_t>& of_rows) {
        std::uint16_t* out = into.codes.data() + first * codes + c;
        for (std::size_t row = 0; row < of_rows.size(); ++row) out[row * codes] = of_rows[row];
      }));
  into.rows += rows.rows();
  return Ok();
}

Status Encoder::AppendPlain(const data::Frame& rows, std::vector<double>& into) const {
  const auto width = numbers.size() + categories.size(), first = into.size();
  into.resize(first + static_cast<std::size_t>(rows.rows()) * width);
  const auto put = [&](std::size_t c, const auto& values) {
    double* out = into.data() + first + c;
    for (std::size_t row = 0; row < values.size(); ++row) out[row * width] = static_cast<double>(values[row]);
  };
  return ForEachColumn(*this, rows, put, [&](std::size_t c, const auto& codes) { put(numbers.size() + c, codes); });
}

void Encoder::AppendLabels(data::Task task, std::span<const double> targets, EncodedRows& into) const {
  const bool regression = task == data::Task::kRegression;
  for (const double target : targets) {
    into.labels.push_back(static_cast<float>(regression ? (target - target_mean) / target_scale : target));
  }
}

void Encoder::TakeTargetsOf(const Encoder& other) {
  target_mean = other.target_mean;
  target_scale = other.target_scale;
  target_low = other.target_low;
  target_high = other.target_high;
}

Shape Encoder::ShapeOf(std::vector<std::int32_t> hidden, const data::Labels& labels) const {
  Shape shape;
  shape.numbers = static_cast<std::int32_t>(numbers.size());
  for (std::size_t c = 0; c < numbers.size(); ++c) {
    if (numbers[c].nullable) shape.nullable.push_back(static_cast<std::int32_t>(c));
  }
  for (const auto& category : categories) {
    (category.embedded ? shape.embedded : shape.direct)
        .push_back(static_cast<std::int32_t>(category.levels.size() + 1));
  }
  shape.hidden = std::move(hidden);
  shape.outputs = labels.task == data::Task::kMulticlass ? static_cast<std::int32_t>(labels.classes.size()) : 1;
  return shape;
}

std::string ToBytes(const Encoder& encoder) {
  ByteWriter out;
  out.Number<std::uint64_t>(encoder.numbers.size());
  for (const auto& column : encoder.numbers) {
    out.Text(column.name);
    out.Number(column.median);
    out.Number(column.scale);
    out.Number<std::uint8_t>(column.nullable ? 1 : 0);
  }
  out.Number<std::uint64_t>(encoder.categories.size());
  for (const auto& column : encoder.categories) {
    out.Text(column.name);
    out.Text(data::Name(column.type));
    out.Number<std::uint8_t>(column.embedded ? 1 : 0);
    out.Number<std::uint64_t>(column.levels.size());
    for (const auto& level : column.levels) out.Text(level);
  }
  for (const double value : {encoder.target_mean, encoder.target_scale, encoder.target_low, encoder.target_high})
    out.Number(value);
  return out.Take();
}

namespace {

bool TypeFromName(std::string_view name, data::ColumnType& type) {
  using enum data::ColumnType;
  for (const auto known : {kNumber, kInteger, kBoolean, kText, kTime}) {
    if (name == data::Name(known)) {
      type = known;
      return true;
    }
  }
  return false;
}

}  // namespace

Result<Encoder> EncoderFromBytes(std::string_view bytes) {
  const Error damaged{"E0301", "the section `encoder` of the model does not hold an encoder"};
  ByteReader in(bytes);
  Encoder encoder;
  for (auto left = in.Number<std::uint64_t>(); left > 0 && in.ok(); --left) {
    NumberColumn column;
    column.name = in.Text();
    column.median = in.Number<double>();
    column.scale = in.Number<double>();
    column.nullable = in.Number<std::uint8_t>() != 0;
    if (!std::isfinite(column.median) || !std::isfinite(column.scale)) return damaged;
    encoder.numbers.push_back(std::move(column));
  }
  bool known = true, sorted = true;
  for (auto left = in.Number<std::uint64_t>(); left > 0 && in.ok(); --left) {
    CategoryColumn column;
    column.name = in.Text();
    known = known && TypeFromName(in.Text(), column.type);
    column.embedded = in.Number<std::uint8_t>() != 0;
    const auto levels = in.Number<std::uint64_t>();
    if (levels > kMostLevels) return damaged;
    for (std::uint64_t i = 0; i < levels && in.ok(); ++i) column.levels.emplace_back(in.Text());
    sorted = sorted && (column.embedded || encoder.categories.empty() || !encoder.categories.back().embedded);
    encoder.categories.push_back(std::move(column));
  }
  for (double* value : {&encoder.target_mean, &encoder.target_scale, &encoder.target_low, &encoder.target_high})
    *value = in.Number<double>();
  if (!in.AtEnd() || !known || !sorted || !(encoder.target_scale > 0)) return damaged;
  return encoder;
}

}  // namespace retrain::model::mlp
