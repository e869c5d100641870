#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "retrain/data/frame.h"
#include "retrain/eval/comparison.h"
#include "retrain/eval/slice_rule.h"

namespace retrain::eval {

// Some of the rows that are judged, by their positions, ascending.
struct RowGroup {
  std::string name;  // "carrier = UA", "500 <= distance < 1000"
  std::vector<std::size_t> rows = {};
  std::size_t rule = 0;  // the place of the rule that cut it

  bool operator==(const RowGroup&) const = default;
};

// Gathers what rules ask for while frames pass by, then cuts the rows into slices. Holds 8 bytes a row and column.
class SliceColumns final {
 public:
  explicit SliceColumns(std::vector<SliceRule> rules);

  // E0203 with a near name for a column that is not there; E0211 for a number asked of a column of text. `where` names
  // the file.
  Status Append(const data::Frame& frame, const Place& where);

  // In the order of the rules; a slice that no row is in is left out. A null is in no slice but `… is null` of a
  // column's values. Of a column with more than 50 values, the rarest are one slice together.
  std::vector<RowGroup> Cut() const;

 private:
  struct Values {
    bool is_text = false;
    std::vector<double> numbers;  // of text: the position in `levels`; null is NaN
    std::vector<std::string> levels;
    std::map<std::string, double, std::less<>> codes;
  };
  void CutByValue(const SliceRule& rule, std::vector<RowGroup>& groups) const;
  void CutAt(const std::string& column, const std::vector<double>& edges, std::vector<RowGroup>& groups) const;
  void CutByConditions(const SliceRule& rule, std::vector<RowGroup>& groups) const;

  std::vector<SliceRule> rules_;
  std::map<std::string, Values> columns_;
};

// The rows of a group alone.
Truth TakeRows(const Truth& truth, const std::vector<std::size_t>& rows);
std::vector<double> TakeRows(const Scores& scores, const std::vector<std::size_t>& rows);

}  // namespace retrain::eval
