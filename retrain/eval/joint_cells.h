#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "retrain/eval/confusion.h"
#include "retrain/eval/rows.h"

namespace retrain::eval {

// Rows gathered by what they are and what both models take them for. All count metrics of both models are functions of
// these counts alone. Only cells that occur, in ascending order of (actual, champion, candidate).
struct JointCells {
  std::vector<std::array<std::int32_t, 3>> keys;
  std::vector<std::int64_t> counts;
};

JointCells CellsOf(const Classes& actual, const Classes& champion, const Classes& candidate, std::int64_t classes);

// Candidate − champion of a count metric, out of counts of the given cells. Holds its own scratch space: one a thread.
class CellDifference {
 public:
  CellDifference(Metric metric, const JointCells& cells, std::size_t classes)
      : metric_(metric), cells_(cells), champion_(classes), candidate_(classes) {}
  double operator()(std::span<const std::int64_t> counts);

 private:
  Metric metric_;
  const JointCells& cells_;
  Confusion champion_;
  Confusion candidate_;
};

}  // namespace retrain::eval
