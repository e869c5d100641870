#pragma once

#include <cstdint>
#include <span>

namespace retrain::eval {

// Expected calibration error: rows in `bins` equal bins of their confidence, each closed on its left and the last on
// both sides; the mean of |share right - mean confidence| over the bins, weighted by their rows (Naeini, Cooper and
// Hauskrecht 2015). Biased upwards: even a perfect model shows about sqrt(2/pi) sqrt(p (1-p)) sqrt(bins/n). For
// reports, never to decide by. REQUIRES: equal lengths, confidences within 0 … 1, bins > 0.
double ExpectedCalibrationError(std::span<const double> confidences, std::span<const std::uint8_t> right,
                                int bins = 15);

}  // namespace retrain::eval
