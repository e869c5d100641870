#include "retrain/eval/calibration.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "retrain/base/result.h"

namespace retrain::eval {

double ExpectedCalibrationError(std::span<const double> confidences, std::span<const std::uint8_t> right, int bins) {
  RETRAIN_ALWAYS(confidences.size() == right.size() && bins > 0);
  std::vector<double> surplus(bins);  // rows that were right, less their confidence
  for (std::size_t row = 0; row < confidences.size(); ++row) {
    // By multiplication: summed edges (3 × 0.2 > 0.6) would put a row on the wrong side.
    const int bin = std::min(bins - 1, static_cast<int>(confidences[row] * bins));
    surplus[bin] += right[row] - confidences[row];
  }
  double sum = 0;
  for (const double of_bin : surplus) sum += std::fabs(of_bin);
  return confidences.empty() ? 0 : sum / static_cast<double>(confidences.size());
}

}  // namespace retrain::eval
