#include "retrain/drift/streams/kswin.h"

#include <algorithm>

#include "retrain/stats/kolmogorov.h"

namespace retrain::drift::streams {

Outcome Kswin::Step(double value) {
  constexpr double kSmallDistance = 0.1;  // below, nothing is called a drift
  window_.push_back(value);
  if (std::ssize(window_) > settings_.window_size) window_.pop_front();
  if (std::ssize(window_) < settings_.window_size) return {};
  const std::int64_t older = settings_.window_size - settings_.stat_size;
  std::vector<double> drawn;
  for (const auto place : random_.Sample(older, settings_.stat_size)) drawn.push_back(window_[place]);
  std::vector<double> newest(window_.begin() + older, window_.end());
  std::sort(drawn.begin(), drawn.end());
  std::sort(newest.begin(), newest.end());
  const auto test = stats::KolmogorovSmirnov(stats::Merge(drawn, newest));
  return {.drift = test.p_value <= settings_.alpha && test.statistic > kSmallDistance};
}

}  // namespace retrain::drift::streams
