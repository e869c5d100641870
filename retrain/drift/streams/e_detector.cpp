#include "retrain/drift/streams/e_detector.h"

#include <algorithm>
#include <cmath>

namespace retrain::drift::streams {

EDetector::EDetector(const Settings& settings) : settings_(settings) {
  RETRAIN_ALWAYS(settings.mean > 0 && settings.mean < 1 && settings.run_length >= 1);
  for (std::size_t i = 0; i < kBets; ++i) {
    bets_.emplace_back(0.9 / settings.mean * std::exp2(-static_cast<double>(i) / 2), settings.mean);
  }
}

double EDetector::evidence() const {
  double sum = 0;
  for (const auto& bet : bets_) sum += bet.sum();
  return sum / static_cast<double>(kBets);
}

Outcome EDetector::Step(double value) {
  for (auto& bet : bets_) bet.Update(value);
  return {.drift = evidence() >= settings_.run_length};
}

}  // namespace retrain::drift::streams
