#pragma once

#include <span>

#include "retrain/stats/interval.h"

namespace retrain::stats {

// The infinitesimal jackknife, also called the delta method (Hampel 1974; Efron 1982): a statistic that is a smooth
// function of means moves, to first order, by the mean of its rows' influences; so its standard error is
// sqrt(sum u²)/n. Bounds take Student's t with n - 1 degrees, which is a little wider than the normal law.
// REQUIRES: at least two influences, their mean 0 but for rounding; 0.5 < confidence < 1.
Interval InfluenceInterval(double value, std::span<const double> influences, double confidence);

}  // namespace retrain::stats
