#pragma once

#include "retrain/base/random.h"
#include "retrain/eval/unlabelled/isotonic.h"
#include "retrain/eval/unlabelled/scored_rows.h"

namespace retrain::eval {

// Scores of labelled rows, sorted once, from which calibrating curves are fitted as often as wished.
class CalibrationData {
 public:
  // `truth` is 1 for rows of the class. REQUIRES: equal lengths, not empty.
  CalibrationData(std::span<const double> scores, std::span<const std::uint8_t> truth);

  IsotonicCurve Fit() const;
  IsotonicCurve FitWeighted(std::span<const double> weights) const;  // of the rows, in their own order

  // Whether a curve fitted on 90 % of the rows lowers the calibration error of the other 10 %, over ten splits that
  // keep the share of the class. Never with one class only, or when the area under the ROC curve is above 0.999. This
  // is NannyML's rule; its splits are drawn otherwise, which matters only where both errors are nearly equal.
  bool IsWorthwhile(std::uint64_t seed) const;

  // Rows whose score is within `reach` of `score`. O(log n).
  std::int64_t Near(double score, double reach) const;

 private:
  std::vector<double> sorted_;        // scores
  std::vector<double> truth_;         // in the order of sorted_
  std::vector<std::uint32_t> order_;  // row of each
};

// Expected calibration error over bins of equally many rows: the mean distance of score and share, weighted by rows.
double EqualCountCalibrationError(std::span<const double> scores, std::span<const double> truth, std::size_t bins);

}  // namespace retrain::eval
