#include "retrain/model/mlp/encoder_fit.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "retrain/base/random.h"
#include "retrain/data/labels.h"
#include "retrain/model/targets.h"

namespace retrain::model::mlp {
namespace {

int LeadingZeros(std::int64_t row) { return std::countl_zero(Rng(static_cast<std::uint64_t>(row)).Next()); }

// Quantile of sorted values, linear between neighbours (Hyndman and Fan 1996, type 7).
double Quantile(const std::vector<double>& sorted, double share) {
  const double at = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const double next = sorted[std::min(below + 1, sorted.size() - 1)];
  return sorted[below] + (at - static_cast<double>(below)) * (next - sorted[below]);
}

}  // namespace

EncoderFit::EncoderFit(const Contract& contract, int most_direct_levels)
    : task_(contract.labels.task), most_direct_levels_(most_direct_levels) {
  const auto& named = contract.roles.categorical;
  for (const auto& field : contract.roles.features) {
    const bool category = field.type == data::ColumnType::kText || field.type == data::ColumnType::kBoolean ||
                          std::find(named.begin(), named.end(), field.name) != named.end();
    if (category) {
      categories_.push_back({.name = field.name, .type = field.type, .levels = {}, .index = {}});
    } else {
      numbers_.push_back({.name = field.name, .sample = {}});
    }
  }
}

Status EncoderFit::Add(const data::Frame& rows, std::span<const double> targets) {
  const auto first_kept = sample_rows_.size();
  SampleRows(rows.rows());
  for (auto& number : numbers_) {
    TRY(const auto* column, RequireColumn(rows, number.name));
    if (column->type == data::ColumnType::kText) {
      return Error{.code = "E0204",
                   .message = "column `" + number.name + "` is text, it was a number",
                   .where = {.key = number.name}};
    }
    for (std::int64_t row = 0; row < rows.rows(); ++row) {
      const double x = column->numbers[row];
      number.nullable = number.nullable || std::isnan(x);
      if (!std::isfinite(x)) continue;
      number.low = number.any ? std::min(number.low, x) : x;
      number.high = number.any ? std::max(number.high, x) : x;
      number.any = true;
    }
    for (auto kept = first_kept; kept < sample_rows_.size(); ++kept)
      number.sample.push_back(column->numbers[sample_rows_[kept] - rows_]);
  }
  for (auto& category : categories_) TRY_OK(AddCategories(rows, category));
  if (task_ == data::Task::kRegression) {
    std::int64_t n = rows_;
    for (const double y : targets) {  // running mean and squares: Welford 1962
      target_low_ = n == 0 ? y : std::min(target_low_, y);
      target_high_ = n == 0 ? y : std::max(target_high_, y);
      const double off = y - target_mean_;
      target_mean_ += off / static_cast<double>(++n);
      target_squares_ += off * (y - target_mean_);
    }
  }
  rows_ += rows.rows();
  while (static_cast<std::int64_t>(sample_rows_.size()) > kSampleRows) HalveSample();
  return Ok();
}

void EncoderFit::SampleRows(std::int64_t count) {
  for (std::int64_t row = rows_; row < rows_ + count; ++row) {
    if (LeadingZeros(row) >= sample_zeros_) sample_rows_.push_back(row);
  }
}

void EncoderFit::HalveSample() {
  ++sample_zeros_;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < sample_rows_.size(); ++i) {
    if (LeadingZeros(sample_rows_[i]) < sample_zeros_) continue;
    for (auto& number : numbers_) number.sample[kept] = number.sample[i];
    sample_rows_[kept++] = sample_rows_[i];
  }
  for (auto& number : numbers_) number.sample.resize(kept);
  sample_rows_.resize(kept);
}

void EncoderFit::CategoryStatistics::Count(const std::string& level, std::int64_t rows) {
  const auto [entry, is_new] = index.try_emplace(level, levels.size());
  if (is_new) levels.push_back({level, 0});
  levels[entry->second].rows += rows;
}

Status EncoderFit::AddCategories(const data::Frame& rows, CategoryStatistics& into) {
  TRY(const auto* column, RequireColumn(rows, into.name));
  if (column->type == data::ColumnType::kText) {
    std::vector<std::int64_t> counts(column->levels.size(), 0);
    std::vector<std::int32_t> order;  // of first appearance: levels may stand in any order
    for (const auto code : column->codes) {
      if (code >= 0 && counts[code]++ == 0) order.push_back(code);
    }
    for (const auto code : order) into.Count(std::string(column->levels[code]), counts[code]);
    return Ok();
  }
  std::unordered_map<double, std::size_t> place;
  std::vector<std::pair<double, std::int64_t>> counts;
  for (const double x : column->numbers) {
    if (std::isnan(x)) continue;
    const auto [entry, is_new] = place.try_emplace(x, counts.size());
    if (is_new) counts.emplace_back(x, 0);
    ++counts[entry->second].second;
  }
  for (const auto& [x, n] : counts) into.Count(data::ClassName(x, column->type), n);
  return Ok();
}

Encoder EncoderFit::Fit() const {
  RETRAIN_ALWAYS(rows_ > 0);
  Encoder encoder;
  for (const auto& number : numbers_) {
    NumberColumn column{.name = number.name, .median = 0, .scale = 0, .nullable = number.nullable};
    std::vector<double> sorted;
    std::copy_if(number.sample.begin(), number.sample.end(), std::back_inserter(sorted),
                 [](double x) { return std::isfinite(x); });
    std::sort(sorted.begin(), sorted.end());
    if (!sorted.empty()) {
      column.median = Quantile(sorted, 0.5);
      const double quartiles = Quantile(sorted, 0.75) - Quantile(sorted, 0.25), range = number.high - number.low;
      column.scale = quartiles > 0 ? 1 / quartiles : range > 0 ? 2 / range : 0;
      if (!std::isfinite(column.scale)) column.scale = 0;
    }
    encoder.numbers.push_back(std::move(column));
  }
  for (const bool embedded : {false, true}) {
    for (const auto& category : categories_) {
      CategoryColumn column{
          .name = category.name, .type = category.type, .embedded = embedded, .levels = LevelsFor(category, {})};
      if ((static_cast<int>(column.levels.size()) > most_direct_levels_) == embedded)
        encoder.categories.push_back(std::move(column));
    }
  }
  if (task_ == data::Task::kRegression) {
    const double deviation = std::sqrt(target_squares_ / static_cast<double>(rows_));
    encoder.target_mean = target_mean_;
    encoder.target_scale = deviation > 0 && std::isfinite(deviation) ? deviation : 1;
    encoder.target_low = target_low_;
    encoder.target_high = target_high_;
  }
  return encoder;
}

Encoder EncoderFit::Extend(Encoder base) const {
  for (auto& known : base.categories) {
    for (const auto& seen : categories_) {
      if (seen.name == known.name) known.levels = LevelsFor(seen, std::move(known.levels));
    }
  }
  return base;
}

// The known levels and those seen often enough, the most frequent first when there are too many for 16 bits.
std::vector<std::string> EncoderFit::LevelsFor(const CategoryStatistics& column, std::vector<std::string> known) const {
  std::unordered_map<std::string_view, bool> is_known;
  for (const auto& name : known) is_known.emplace(name, true);
  std::vector<const LevelCount*> fresh;
  for (const auto& level : column.levels) {
    if (level.rows >= kFewestRows && !is_known.contains(level.name)) fresh.push_back(&level);
  }
  const auto room = kMostLevels - std::min(kMostLevels, known.size());
  if (fresh.size() > room) {
    std::stable_sort(fresh.begin(), fresh.end(), [](const auto* a, const auto* b) { return a->rows > b->rows; });
    fresh.resize(room);
  }
  for (const auto* level : fresh) known.push_back(level->name);
  return known;
}

}  // namespace retrain::model::mlp
