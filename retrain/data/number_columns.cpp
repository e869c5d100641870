#include "retrain/data/number_columns.h"

#include <algorithm>

namespace retrain::data {
namespace {

using Shared = std::shared_ptr<const std::vector<NumberColumn>>;
constexpr std::int64_t kBatchRows = 65'536;

const NumberColumn* Find(const std::vector<NumberColumn>& columns, std::string_view name) {
  const auto found = std::ranges::find(columns, name, &NumberColumn::name);
  return found == columns.end() ? nullptr : &*found;
}

// Frames of another source, widened; without one, the numbers alone.
class WidenedSource final : public TableSource {
 public:
  WidenedSource(Shared numbers, Schema schema, std::unique_ptr<TableSource> beside, std::int64_t rows)
      : numbers_(std::move(numbers)), schema_(std::move(schema)), beside_(std::move(beside)), left_(rows) {}
  const Schema& schema() const override { return schema_; }

  Result<std::optional<Frame>> Next() override {
    std::optional<Frame> frame;
    if (beside_ != nullptr) {
      TRY(frame, beside_->Next());
      if (!frame) return std::optional<Frame>();
    } else if (left_ == 0) {
      return std::optional<Frame>();
    }
    const std::int64_t rows = frame ? frame->rows() : std::min(left_, kBatchRows);
    RETRAIN_ALWAYS(rows <= left_);
    std::vector<Column> columns;
    for (const Field& field : schema_.fields) columns.push_back(ColumnOf(field.name, frame, rows));
    at_ += rows;
    left_ -= rows;
    auto storage = std::make_shared<std::pair<Shared, std::optional<Frame>>>(numbers_, std::move(frame));
    return std::optional<Frame>(Frame(schema_, std::move(columns), rows, std::move(storage)));
  }

 private:
  Column ColumnOf(const std::string& name, const std::optional<Frame>& frame, std::int64_t rows) const {
    const NumberColumn* own = Find(*numbers_, name);
    if (own == nullptr) return *frame->Find(name);
    return {.numbers = std::span(own->values).subspan(static_cast<std::size_t>(at_), static_cast<std::size_t>(rows))};
  }

  Shared numbers_;
  Schema schema_;
  std::unique_ptr<TableSource> beside_;
  std::int64_t at_ = 0;
  std::int64_t left_;
};

}  // namespace

NumberColumns::NumberColumns(std::vector<NumberColumn> columns, const ColumnTable* beside)
    : columns_(std::make_shared<std::vector<NumberColumn>>(std::move(columns))),
      beside_(beside),
      rows_(std::ssize(columns_->at(0).values)) {
  RETRAIN_ALWAYS(beside == nullptr || beside->rows() == rows_);
  if (beside != nullptr) schema_ = beside->schema();
  for (const NumberColumn& column : *columns_) {
    RETRAIN_ALWAYS(std::ssize(column.values) == rows_ && schema_.Find(column.name) == nullptr);
    schema_.fields.push_back({.name = column.name, .type = ColumnType::kNumber});
  }
}

Result<std::unique_ptr<TableSource>> NumberColumns::Open(const std::vector<std::string>& columns) const {
  std::vector<std::string> of_beside;
  for (const std::string& name : columns) {
    if (Find(*columns_, name) == nullptr) of_beside.push_back(name);
  }
  std::unique_ptr<TableSource> beside;
  if (!of_beside.empty()) {
    TRY(beside, beside_->Open(of_beside));
  }
  Schema schema;
  for (const std::string& name : columns) schema.fields.push_back(*schema_.Find(name));
  return std::unique_ptr<TableSource>(
      std::make_unique<WidenedSource>(columns_, std::move(schema), std::move(beside), rows_));
}

}  // namespace retrain::data
