#pragma once

#include <optional>

#include "retrain/eval/unlabelled/scored_rows.h"

namespace retrain::eval {

// The standard error of a metric on n rows like the labelled ones given, times sqrt(n), by NannyML's rules: the
// deviation of a row's share in the metric over the rows that count for it. `classes` has each class against the rest
// (with two classes, class 1 alone), with chances of 0 and 1. Empty when no row counts.
std::optional<double> SamplingErrorOfOneRow(UnlabelledMetric metric, std::span<const OneAgainstRest> classes);

}  // namespace retrain::eval
