#include "retrain/drift/cells.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace retrain::drift {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<double>::max();

double Below(double value) { return std::nextafter(value, -kInfinity); }

// Ends of quantile cells and of cells with one value, over values that are finite.
void AppendInnerCuts(std::span<const double> finite, int cells, std::vector<double>& cuts) {
  const double step = static_cast<double>(finite.size()) / cells;
  double gathered = 0;
  for (std::size_t begin = 0; begin < finite.size();) {
    const double value = finite[begin];
    std::size_t end = begin + 1;
    while (end < finite.size() && finite[end] == value) ++end;
    const auto rows = static_cast<double>(end - begin);
    if (rows >= step && rows > 1) {
      if (gathered > 0) cuts.push_back(Below(value));
      gathered = 0;
      cuts.push_back(value);
    } else if ((gathered += rows) >= step) {
      cuts.push_back(value);
      gathered = 0;
    }
    begin = end;
  }
}

}  // namespace

std::vector<double> QuantileCuts(std::span<const double> sorted, int cells) {
  RETRAIN_ALWAYS(cells > 0);
  std::vector<double> cuts = {-kInfinity};
  const auto first = std::ranges::upper_bound(sorted, -kInfinity);
  const auto last = std::ranges::lower_bound(sorted, kInfinity);
  if (first != last) {
    cuts.push_back(Below(*first));
    AppendInnerCuts({first, last}, cells, cuts);
    cuts.push_back(*(last - 1));
  }
  cuts.push_back(kLargest);
  cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
  return cuts;
}

std::vector<std::int64_t> CountCells(std::span<const double> cuts, std::span<const double> values) {
  std::vector<std::int64_t> counts(cuts.size() + 1);
  const double* const begin = cuts.data();
  for (const double value : values) {
    // The number of cuts below the value, without a branch that the values decide.
    const double* low = begin;
    std::size_t length = cuts.size();
    while (length > 0) {
      const std::size_t half = (length + 1) / 2;
      low += low[half - 1] < value ? half : 0;
      length -= half;
    }
    ++counts[static_cast<std::size_t>(low - begin)];
  }
  return counts;
}

std::vector<std::int64_t> CountSortedCells(std::span<const double> cuts, std::span<const double> sorted) {
  std::vector<std::int64_t> counts;
  auto from = sorted.begin();
  for (const double cut : cuts) {
    const auto to = std::upper_bound(from, sorted.end(), cut);
    counts.push_back(to - from);
    from = to;
  }
  counts.push_back(sorted.end() - from);
  return counts;
}

std::string CellLabel(std::span<const double> cuts, std::size_t cell) {
  const std::size_t last = cuts.size();
  if (cell == 0) return "-inf";
  if (cell == last) return "+inf";
  if (last == 2) return "any number";
  if (cell == 1) return fmt::format("below {:.6g}", std::nextafter(cuts[1], kInfinity));
  if (cell == last - 1) return fmt::format("above {:.6g}", cuts[last - 2]);
  if (cuts[cell] == std::nextafter(cuts[cell - 1], kInfinity)) return fmt::format("= {:.6g}", cuts[cell]);
  if (cell == 2) return fmt::format("[{:.6g}, {:.6g}]", std::nextafter(cuts[1], kInfinity), cuts[cell]);
  return fmt::format("({:.6g}, {:.6g}]", cuts[cell - 1], cuts[cell]);
}

void CategoryCounts::Add(std::string_view category, std::int64_t rows) {
  rows_ += rows;
  if (const auto known = counts_.find(category); known != counts_.end()) {
    known->second += rows;
  } else if (counts_.size() < kMostCategories) {
    counts_.emplace(category, rows);
  } else {
    others_ += rows;
  }
}

void CategoryCounts::Add(const CategoryCounts& other) {
  for (const auto& [category, rows] : other.Sorted()) Add(category, rows);
  AddOthers(other.others_);
}

void CategoryCounts::AddOthers(std::int64_t rows) {
  others_ += rows;
  rows_ += rows;
}

std::int64_t CategoryCounts::Of(std::string_view category) const {
  const auto known = counts_.find(category);
  return known == counts_.end() ? 0 : known->second;
}

std::vector<CategoryCounts::Entry> CategoryCounts::Sorted() const {
  std::vector<Entry> entries(counts_.begin(), counts_.end());
  std::ranges::sort(entries);
  return entries;
}

}  // namespace retrain::drift
