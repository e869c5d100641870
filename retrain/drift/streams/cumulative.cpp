#include "retrain/drift/streams/cumulative.h"

#include <algorithm>

namespace retrain::drift::streams {

Outcome CumulativeSum::Step(double value) {
  mean_.Add(value);
  const double deviation = value - mean_.mean;
  up_ = settings_.alpha * up_ + deviation - settings_.delta;
  double evidence = up_;
  if (settings_.variant == Variant::kBothWays) {
    down_ = settings_.alpha * down_ + deviation + settings_.delta;
    least_up_ = std::min(least_up_, up_);
    most_down_ = std::max(most_down_, down_);
    evidence = std::max(up_ - least_up_, most_down_ - down_);
  } else if (settings_.variant != Variant::kUnclipped) {
    up_ = std::max(0.0, up_);
    evidence = up_;
  }
  return {.drift = mean_.n >= settings_.min_instances && evidence > settings_.threshold};
}

}  // namespace retrain::drift::streams
