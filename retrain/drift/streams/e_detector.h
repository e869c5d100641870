#pragma once

#include <vector>

#include "retrain/drift/streams/detector.h"

namespace retrain::drift::streams {

// One bet: the Shiryaev-Roberts sum M = (M + 1)(1 + lambda (x - mean)), which starts a bet of 1 at every value. As long
// as the conditional mean of the values is at most `mean`, M - n has no upward trend.
class ShiryaevRoberts {
 public:
  ShiryaevRoberts(double lambda, double mean) : lambda_(lambda), mean_(mean) {}
  double Update(double value) { return sum_ = (sum_ + 1) * (1 + lambda_ * (value - mean_)); }
  double sum() const { return sum_; }

 private:
  double lambda_;
  double mean_;
  double sum_ = 0;
};

// An e-detector (Shin, Ramdas and Rinaldo 2024) of losses in 0 … 1: alarms when their mean has risen above `mean`.
// While it has not, an alarm comes after `run_length` values or more on average (theirs: E[M at the alarm] is at most
// E[time], and M is at least `run_length` there), whatever the law of the losses and without looking at it beforehand.
// M is the average over 16 bets, from 0.9/mean downwards by the square root of 2, so that small and large rises are
// seen.
class EDetector final : public Detector {
 public:
  struct Settings {
    double mean = 0.5;
    double run_length = 10000;
  };
  explicit EDetector(const Settings& settings);

  double evidence() const;  // M; an alarm at run_length

 private:
  Outcome Step(double value) override;
  void Restart() override { *this = EDetector(settings_); }

  static constexpr std::size_t kBets = 16;
  Settings settings_;
  std::vector<ShiryaevRoberts> bets_;
};

}  // namespace retrain::drift::streams
