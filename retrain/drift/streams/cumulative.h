#pragma once

#include "retrain/drift/streams/error_rate.h"

namespace retrain::drift::streams {

// Sums of deviations from the mean so far (Page 1954; Hinkley 1971), in the variants that are about. They differ in
// where the sum is held back, so each has its name.
class CumulativeSum final : public Detector {
 public:
  enum class Variant {
    kBothWays,   // river 0.21 and 0.26: the sum less its smallest, and its largest less the sum
    kClipped,    // its older form, scikit-multiflow: the sum never falls below 0
    kUnclipped,  // Frouros: the bare sum
    kCusum,      // Frouros' CUSUM: clipped, and nothing is forgotten
  };
  struct Settings {
    Variant variant = Variant::kBothWays;
    std::int64_t min_instances = 30;
    double delta = 0.005;  // what each value may deviate freely
    double threshold = 50;
    double alpha = 0.9999;  // how much of the sum stays with each value; kCusum: 1
  };
  explicit CumulativeSum(const Settings& settings) : settings_(settings) {}

 private:
  Outcome Step(double value) override;
  void Restart() override { *this = CumulativeSum(settings_); }

  Settings settings_;
  RunningMean mean_;
  double up_ = 0;
  double down_ = 0;
  double least_up_ = std::numeric_limits<double>::infinity();
  double most_down_ = -1;
};

}  // namespace retrain::drift::streams
