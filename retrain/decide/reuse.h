#pragma once

#include <cstdint>
#include <string>

namespace retrain::decide {

// Whether verdicts on the same rows share one chance of error.
//   kSpend   a promotion by the k-th verdict takes the confidence 1 - (1 - confidence) 6/(pi² k²): all of them together
//            promote a candidate that is no better with a chance of at most 1 - confidence
//   kIgnore  each verdict has that chance anew
enum class Reuse { kSpend, kIgnore };

// Which rows judge, and how often they have.
struct ReuseSnapshot {
  Reuse policy = Reuse::kSpend;
  std::int64_t use = 1;  // this verdict is the use-th on exactly these rows
  bool fixed = false;    // `validation_data` names them, so that they will judge again
  double confidence = 0.95;

  bool operator==(const ReuseSnapshot&) const = default;
};

struct ReuseDecision {
  double confidence = 0.95;  // that the lower bound of the first metric takes for a promotion
  std::string note;          // for people; empty: nothing to say

  bool operator==(const ReuseDecision&) const = default;
};

// Rows that come anew with each run spend nothing. From the eleventh use on a warning asks for fresh rows.
ReuseDecision DecideReuse(const ReuseSnapshot& snapshot);

}  // namespace retrain::decide
