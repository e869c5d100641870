#include "retrain/train/mlp/reservoir.h"

#include <algorithm>
#include <utility>

#include "retrain/base/bytes.h"

namespace retrain::train::mlp {
namespace {

template <class T>
void PutAt(std::vector<T>& values, std::int64_t slot, T value) {
  if (slot == static_cast<std::int64_t>(values.size())) {
    values.push_back(value);
  } else {
    values[slot] = value;
  }
}

bool IsText(const data::Field& field) { return field.type == data::ColumnType::kText; }

}  // namespace

Reservoir::Reservoir(const model::Contract& contract, std::int64_t capacity, std::uint64_t seed)
    : capacity_(capacity), rng_(seed) {
  for (const auto& field : contract.roles.features)
    columns_.push_back({.field = field, .numbers = {}, .codes = {}, .names = {}, .code_of = {}});
}

std::int32_t Reservoir::Column::CodeOf(std::string_view name) {
  if (const auto found = code_of.find(name); found != code_of.end()) return found->second;
  const auto code = static_cast<std::int32_t>(names.size());
  names.emplace_back(name);
  code_of.emplace(name, code);
  return code;
}

void Reservoir::Add(const LabelledRows& rows) {
  std::vector<const data::Column*> from;
  for (const auto& column : columns_) {
    from.push_back(rows.rows.Find(column.field.name));
    RETRAIN_ALWAYS(from.back() != nullptr);
  }
  for (std::int64_t row = 0; row < rows.rows.rows(); ++row, ++seen_) {
    auto slot = seen_;
    if (slot >= capacity_) slot = static_cast<std::int64_t>(rng_.Below(static_cast<std::uint64_t>(seen_) + 1));
    if (slot < capacity_) Put(rows, from, row, std::min(slot, this->rows()));
  }
}

void Reservoir::Put(const LabelledRows& rows, const std::vector<const data::Column*>& from, std::int64_t row,
                    std::int64_t slot) {
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    auto& column = columns_[c];
    if (IsText(column.field)) {
      const auto code = from[c]->codes[row];
      PutAt(column.codes, slot, code < 0 ? -1 : column.CodeOf(from[c]->levels[code]));
    } else {
      PutAt(column.numbers, slot, from[c]->numbers[row]);
    }
  }
  PutAt(targets_, slot, rows.targets[row]);
  if (!rows.weights.empty()) PutAt(weights_, slot, rows.weights[row]);
}

data::Frame Reservoir::ToFrame() const {
  auto levels = std::make_shared<std::vector<std::vector<std::string_view>>>();
  for (const auto& column : columns_) levels->emplace_back(column.names.begin(), column.names.end());
  data::Schema schema;
  std::vector<data::Column> views;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    schema.fields.push_back(columns_[c].field);
    views.push_back({.type = columns_[c].field.type,
                     .numbers = columns_[c].numbers,
                     .codes = columns_[c].codes,
                     .levels = (*levels)[c]});
  }
  return {std::move(schema), std::move(views), rows(), levels};
}

std::string Reservoir::ToBytes() const {
  ByteWriter out;
  out.Number(seen_);
  out.Number(rng_.state());
  out.Array(targets_);
  out.Array(weights_);
  for (const auto& column : columns_) {
    out.Text(column.field.name);
    if (!IsText(column.field)) {
      out.Array(column.numbers);
      continue;
    }
    Column used{.field = column.field,
                .numbers = {},
                .codes = {},
                .names = {},
                .code_of = {}};  // only the names that rows still have
    for (const auto code : column.codes) used.codes.push_back(code < 0 ? -1 : used.CodeOf(column.names[code]));
    out.Array(used.codes);
    out.Number<std::uint64_t>(used.names.size());
    for (const auto& name : used.names) out.Text(name);
  }
  return out.Take();
}

Result<Reservoir> Reservoir::FromBytes(std::string_view bytes, const model::Contract& contract, std::int64_t capacity) {
  const Error damaged{"E0301", "the section `replay` of the model does not hold rows of its features"};
  ByteReader in(bytes);
  Reservoir reservoir(contract, capacity, 0);
  reservoir.seen_ = in.Number<std::int64_t>();
  reservoir.rng_ = Rng(in.Number<std::uint64_t>());
  reservoir.targets_ = in.Array<double>();
  reservoir.weights_ = in.Array<double>();
  const auto rows = reservoir.targets_.size(), kept = std::min(rows, static_cast<std::size_t>(capacity));
  bool whole = reservoir.weights_.empty() || reservoir.weights_.size() == rows;
  for (std::size_t c = 0; c < reservoir.columns_.size() && in.ok(); ++c) {
    auto& column = reservoir.columns_[c];
    whole = whole && in.Text() == column.field.name;
    if (!IsText(column.field)) {
      column.numbers = in.Array<double>();
      whole = whole && column.numbers.size() == rows;
      if (whole) column.numbers.resize(kept);
      continue;
    }
    column.codes = in.Array<std::int32_t>();
    for (auto left = in.Number<std::uint64_t>(); left > 0 && in.ok(); --left) column.CodeOf(in.Text());
    const auto names = static_cast<std::int32_t>(column.names.size());
    for (const auto code : column.codes) whole = whole && code >= -1 && code < names;
    whole = whole && column.codes.size() == rows;
    if (whole) column.codes.resize(kept);
  }
  if (!whole || !in.AtEnd()) return damaged;
  reservoir.targets_.resize(kept);
  if (!reservoir.weights_.empty()) reservoir.weights_.resize(kept);
  return reservoir;
}

}  // namespace retrain::train::mlp
