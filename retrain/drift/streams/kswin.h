#pragma once

#include <deque>

#include "retrain/drift/streams/detector.h"
#include "retrain/drift/streams/python_random.h"

namespace retrain::drift::streams {

// Raab, Heusinger and Schleif (2020): Kolmogorov-Smirnov between the newest values of a window and as many drawn from
// the rest. Tests with each value, so false alarms come at a rate that `alpha` does not state. O(window) a value.
class Kswin final : public Detector {
 public:
  struct Settings {
    double alpha = 0.005;
    std::int64_t window_size = 100;
    std::int64_t stat_size = 30;
    std::uint32_t seed = 0;
  };
  explicit Kswin(const Settings& settings) : settings_(settings), random_(settings.seed) {}

 private:
  Outcome Step(double value) override;
  void Restart() override { *this = Kswin(settings_); }

  Settings settings_;
  PythonRandom random_;
  std::deque<double> window_;
};

}  // namespace retrain::drift::streams
