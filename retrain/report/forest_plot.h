#pragma once

#include <string>
#include <vector>

#include "retrain/decide/slices.h"

namespace retrain::report {

// The picture of a gate: a row a metric with its difference and one-sided bounds, the zero line, and the minimum
// improvement of the first metric as a dashed line. Each row has its own scale, written beside it, since metrics
// have different units. Self-contained SVG, no script or font, colours from the page (currentColor), at most 20 kB.
std::string ForestPlot(const std::vector<eval::Comparison>& comparisons, double minimum_improvement);

// The same of slices: a row each, all on one scale, those that lost most first, at most 24; the tolerated loss dashed.
std::string SlicePlot(const std::vector<decide::SliceComparison>& slices);

}  // namespace retrain::report
