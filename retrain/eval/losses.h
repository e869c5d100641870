#pragma once

#include <optional>
#include <span>
#include <vector>

#include "retrain/eval/comparison.h"

namespace retrain::eval {

// What each row costs: log loss (natural, probabilities clipped to 2^-52 … 1 - 2^-52), Brier (two classes: (p - y)² of
// the positive one, 0 … 1; more: the sum over all classes, 0 … 2), the absolute error for kMae, and the squared error
// for kRmse and kR2. REQUIRES: a metric among these that fits the task; checked truth and scores.
std::vector<double> Losses(Metric metric, const Truth& truth, const Scores& scores);

// The most that a row can cost; none: there is no most.
std::optional<double> LargestLoss(Metric metric, data::Task task);

double WeightedMean(const Truth& truth, std::span<const double> values);

// 1 - squared errors / squared deviations of the target from its mean. A constant target leaves no value: `undefined`,
// and 1 for errors that are all 0, else 0.
struct Fit {
  double mean_target = 0;
  double target_variance = 0;  // weighted, not corrected
  MetricValue r2;
};
Fit RSquared(const Truth& truth, std::span<const double> squared_errors);

// Of a quantile forecast: share * error above the forecast, (1 - share) * error below it, on average.
double PinballLoss(const Truth& truth, const Scores& scores, double share);

// Mean of |error| / |target|. Useless near a target of 0, where it is cut at 2^-52: for reports, never to decide by.
double AbsolutePercentageError(const Truth& truth, const Scores& scores);

}  // namespace retrain::eval
