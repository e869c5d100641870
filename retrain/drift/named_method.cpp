#include "retrain/drift/named_method.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include <fmt/format.h>

#include "retrain/drift/read_columns.h"

namespace retrain::drift {
namespace {

// Levels of all frames of one column, under one numbering.
class Coder {
 public:
  explicit Coder(ColumnSample& sample) : sample_(sample) {}
  std::int32_t CodeOf(std::string_view level) {
    const auto [known, is_new] = codes_.try_emplace(std::string(level), static_cast<std::int32_t>(codes_.size()));
    if (is_new) sample_.levels.emplace_back(level);
    return known->second;
  }

 private:
  ColumnSample& sample_;
  std::unordered_map<std::string, std::int32_t> codes_;
};

void AddCategories(const data::Column& column, Coder& coder, std::vector<std::int32_t>& codes) {
  if (column.type == data::ColumnType::kText) {
    std::vector<std::int32_t> code_of(column.levels.size(), -1);
    for (const std::int32_t code : column.codes) {
      if (code >= 0 && code_of[code] < 0) code_of[code] = coder.CodeOf(column.levels[code]);
      codes.push_back(code < 0 ? -1 : code_of[code]);
    }
    return;
  }
  for (const double number : column.numbers)
    codes.push_back(std::isnan(number) ? -1 : coder.CodeOf(CategoryOf(number, column.type)));
}

Result<ColumnSample> ReadSample(const data::ColumnTable& table, const ChosenColumn& chosen) {
  ColumnSample sample{.kind = chosen.kind, .integers = chosen.field.type == data::ColumnType::kInteger};
  Coder coder(sample);
  TRY(const auto source, table.Open({chosen.field.name}));
  while (true) {
    TRY(const auto frame, source->Next());
    if (!frame) return sample;
    const data::Column& column = frame->column(0);
    if (chosen.kind == ColumnKind::kCategorical) {
      AddCategories(column, coder, sample.codes);
    } else {
      sample.numbers.insert(sample.numbers.end(), column.numbers.begin(), column.numbers.end());
    }
  }
}

std::int64_t RowsWithValue(const ColumnSample& sample) {
  const auto numbers = std::ranges::count_if(sample.numbers, [](double number) { return !std::isnan(number); });
  return numbers + std::ranges::count_if(sample.codes, [](std::int32_t code) { return code >= 0; });
}

double NullShare(std::int64_t with_value, std::int64_t rows) {
  return rows > 0 ? 1 - static_cast<double>(with_value) / static_cast<double>(rows) : 0;
}

}  // namespace

Result<ColumnDrift> CompareByName(std::string_view method, const ChosenColumn& column,
                                  const data::ColumnTable& reference, const data::ColumnTable& current) {
  TRY(const auto before, ReadSample(reference, column));
  TRY(const auto now, ReadSample(current, column));
  ColumnDrift drift{.name = column.field.name, .kind = column.kind};
  drift.n_reference = RowsWithValue(before);
  drift.n_current = RowsWithValue(now);
  drift.nulls = {.reference_share = NullShare(drift.n_reference, reference.rows()),
                 .current_share = NullShare(drift.n_current, current.rows())};
  const auto result = RunMethod(method, before, now);
  if (!result.ok()) {
    if (result.error().code != "E0220") return result.error();
    drift.outcome = Outcome::kFailed;
    drift.reason = result.error().message;
    return drift;
  }
  if (std::isfinite(result->statistic)) drift.statistic = result->statistic;
  drift.p_value = result->p_value;
  const std::string value = fmt::format("{} gives {:.4g}", result->method, result->statistic);
  if (std::isnan(result->threshold)) {
    drift.reason = value + "; it names no threshold";
    return drift;
  }
  drift.threshold = result->threshold;
  drift.outcome = result->drifted ? Outcome::kDrifted : Outcome::kStable;
  drift.reason = fmt::format("{}, by its threshold of {:.4g} {}", value, result->threshold,
                             result->drifted ? "a drift" : "no drift");
  return drift;
}

}  // namespace retrain::drift
