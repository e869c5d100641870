#pragma once

#include <optional>
#include <vector>

#include "retrain/drift/method.h"

namespace retrain::drift::parity {

// What NannyML 0.13 says of a column. Each table is cut into ten chunks, and what remains is a chunk more; the
// threshold is the mean and three standard deviations of the reference chunks' own values.
struct ChunkedDrift {
  double whole = 0;                      // all current rows at once; NaN when none has a value
  std::optional<double> p_value = {};    // chi-square alone
  std::optional<double> threshold = {};  // none for chi-square, which alarms at p < 0.05
  bool alarm = false;                    // of `whole`, by the same rule as a chunk
  std::vector<double> reference_chunks = {};
  std::vector<double> current_chunks = {};
  std::vector<bool> reference_alarms = {};
  std::vector<bool> current_alarms = {};
};

// `test`: kolmogorov_smirnov, jensen_shannon, wasserstein, hellinger of numbers; chi2, jensen_shannon, l_infinity,
// hellinger of categories. E0220 where NannyML refuses: fewer than ten rows, no value or an infinite one in the
// reference. REQUIRES: a test of the column's kind.
Result<ChunkedDrift> RunNannyMl(std::string_view test, const ColumnSample& reference, const ColumnSample& current);

}  // namespace retrain::drift::parity
