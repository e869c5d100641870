#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "retrain/data/frame.h"

namespace retrain::drift {

// Where numbers are counted: cell i holds the values in (cuts[i - 1], cuts[i]], the first all up to cuts[0], the last
// all above. A single value has a cell of its own when it alone is a tenth of the rows; -inf, what lies below the
// smallest finite value seen, above the largest, and +inf have theirs.
//
// Of about `cells` quantiles of `sorted`, which may be empty and holds no NaN.
std::vector<double> QuantileCuts(std::span<const double> sorted, int cells = 10);

// Rows in each cell, cuts.size() + 1 of them. `values` in any order, without NaN. REQUIRES: cuts ascend.
std::vector<std::int64_t> CountCells(std::span<const double> cuts, std::span<const double> values);
std::vector<std::int64_t> CountSortedCells(std::span<const double> cuts, std::span<const double> sorted);

// "[17, 502]", "(502, 1028]", "= 0", "below 17", "above 4983", "-inf", "+inf".
std::string CellLabel(std::span<const double> cuts, std::size_t cell);

// How often each category occurs. The first kMostCategories that are met are counted each for itself; rows of those met
// later are counted together, so that a column of names of rows does not fill the memory.
class CategoryCounts {
 public:
  static constexpr std::size_t kMostCategories = 262'144;

  void Add(std::string_view category, std::int64_t rows);
  void Add(const CategoryCounts& other);  // the same in any order, as long as there are not too many categories

  std::int64_t Of(std::string_view category) const;  // 0 for one that is not counted for itself
  std::int64_t others() const { return others_; }    // rows of categories beyond the first kMostCategories
  std::int64_t rows() const { return rows_; }        // all
  std::size_t size() const { return counts_.size(); }

  using Entry = std::pair<std::string_view, std::int64_t>;
  std::vector<Entry> Sorted() const;  // by category
  void AddOthers(std::int64_t rows);

  bool operator==(const CategoryCounts&) const = default;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> counts_;
  std::int64_t others_ = 0;
  std::int64_t rows_ = 0;
};

// Calls visit(category, its rows in `first`, its rows in `second`) for each that is counted in either, sorted.
template <class Visit>
void EachCategory(const CategoryCounts& first, const CategoryCounts& second, Visit visit) {
  const auto a = first.Sorted();
  const auto b = second.Sorted();
  auto left = a.begin();
  auto right = b.begin();
  while (left != a.end() || right != b.end()) {
    const bool from_left = right == b.end() || (left != a.end() && left->first <= right->first);
    const bool from_right = left == a.end() || (right != b.end() && right->first <= left->first);
    const std::string_view category = from_left ? left->first : right->first;
    visit(category, from_left ? left->second : 0, from_right ? right->second : 0);
    left += from_left ? 1 : 0;
    right += from_right ? 1 : 0;
  }
}

}  // namespace retrain::drift
