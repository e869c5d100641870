#include "retrain/data/target_twin.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "retrain/data/labels.h"

namespace retrain::data {
namespace {

std::string_view TextAt(const Column& column, std::size_t row) {
  return column.codes[row] < 0 ? std::string_view("\0", 1) : column.levels[static_cast<std::size_t>(column.codes[row])];
}

bool Equal(const Column& feature, const Column& target, const std::vector<double>& codes) {
  if ((feature.type == ColumnType::kText) != (target.type == ColumnType::kText)) return false;
  for (std::size_t row = 0; row < codes.size(); ++row) {
    if (std::isnan(codes[row])) continue;
    const bool same = feature.type == ColumnType::kText ? TextAt(feature, row) == TextAt(target, row)
                                                        : feature.numbers[row] == target.numbers[row];
    if (!same) return false;
  }
  return true;
}

}  // namespace

void TargetTwin::See(const Column& feature, const Column& target, const std::vector<double>& codes) {
  is_equal_ = is_equal_ && Equal(feature, target, codes);
  if (may_be_renamed_ && !value_of_class_.empty()) SeeNames(feature, codes);
}

void TargetTwin::SeeNames(const Column& feature, const std::vector<double>& codes) {
  for (std::size_t row = 0; row < codes.size() && may_be_renamed_; ++row) {
    if (std::isnan(codes[row])) continue;
    const auto label = static_cast<std::size_t>(codes[row]);
    if (feature.IsNull(static_cast<std::int64_t>(row))) {
      may_be_renamed_ = false;
    } else {
      const std::string value = feature.type == ColumnType::kText ? std::string(TextAt(feature, row))
                                                                  : ClassName(feature.numbers[row], feature.type);
      const auto known = class_of_value_.emplace(value, label).first;
      auto& name = value_of_class_[label];
      if (!name) name = value;
      may_be_renamed_ = known->second == label && *name == value;
    }
  }
}

bool TargetTwin::is_renamed() const {
  return may_be_renamed_ && !value_of_class_.empty() &&
         std::ranges::all_of(value_of_class_, [](const auto& name) { return name.has_value(); });
}

std::string TargetTwin::Renaming(const Labels& labels) const {
  std::string text;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, value_of_class_.size()); ++i) {
    text += fmt::format("{}{} for {}", text.empty() ? "" : ", ", *value_of_class_[i], labels.classes[i]);
  }
  return value_of_class_.size() > 3 ? text + ", …" : text;
}

}  // namespace retrain::data
