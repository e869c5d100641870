#pragma once

namespace retrain::stats {

// A test statistic with the chance of one at least as extreme when nothing has changed.
struct TestResult {
  double statistic = 0;
  double p_value = 1;

  bool operator==(const TestResult&) const = default;
};

}  // namespace retrain::stats
