#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "retrain/eval/comparison.h"

namespace retrain::eval {

// How well scores order the rows: 1 where a row is of class `one`.
std::vector<std::uint8_t> IsClass(const Truth& truth, std::int32_t one);

// The scores of one class, a value a row.
std::vector<double> ScoresOf(const Scores& scores, std::int32_t one);

// Area under the ROC curve. Two classes: of the second one. More: the plain mean over the classes of one against the
// rest; a class that is absent has no curve and is left out (named in `absent`). `undefined` when no class has one.
struct RocArea {
  MetricValue area;
  std::vector<double> influences;  // of each row, mean 0; DeLong's placements made to one sum a row
  std::vector<std::int32_t> absent;
};
RocArea AreaOf(const Truth& truth, const Scores& scores);

// Area under the precision-recall curve as average precision: the mean precision over the positive rows, each taken
// where its score is the threshold, ties at once. No interpolation. `undefined` without a positive row.
// REQUIRES: two classes.
MetricValue AveragePrecision(const Truth& truth, const Scores& scores);

}  // namespace retrain::eval
