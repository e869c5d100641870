#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "retrain/eval/comparison.h"

namespace retrain::decide {

// What a part of the rows is to the gate.
//   critical  a promotion takes proof that it did not get worse by more than the tolerance; no adjustment for their
//             number, since all of them have to pass (intersection-union test)
//   watched   refuses where it got worse by more than the tolerance, with bounds adjusted for their number (Holm)
//   anchor    rows that an earlier version was judged on; as watched, with the forgetting budget as its tolerance
enum class SliceKind { kCritical, kWatched, kAnchor };

enum class SliceOutcome { kNotWorse, kUndecided, kWorse, kInsufficient, kOnlyTold };

std::string_view Name(SliceKind kind);        // "critical", "watched", "anchor"
std::string_view Name(SliceOutcome outcome);  // "not worse", "undecided", "worse", "insufficient", "only told"

// The primary metric on a part of the rows.
struct SliceComparison {
  std::string name;
  SliceKind kind = SliceKind::kWatched;
  std::optional<double> tolerance;  // a loss of so much is accepted, in units of the metric; empty: it is only told
  eval::Comparison comparison;      // with the confidence that the outcome takes
  SliceOutcome outcome = SliceOutcome::kUndecided;

  bool operator==(const SliceComparison&) const = default;
};

Json ToJson(const SliceComparison& slice);
Result<SliceComparison> SliceFromJson(const Json& json);

// Compares a slice, by its place, with one-sided bounds at a confidence.
using CompareSlice = std::function<Result<eval::Comparison>(std::size_t slice, double confidence)>;

// Sets comparisons and outcomes: worse when the upper bound lies below -tolerance, not worse when the lower one lies
// above it. A part with fewer than `least_rows`, or without an interval, is insufficient: it neither refuses nor
// proves. The bounds of all m that could refuse and are not critical are taken at 1 - (1 - confidence)/m, so that the
// chance that any of them is falsely called worse is 1 - confidence; once some are insufficient or worse, m counts the
// others (Holm 1979, by bounds). Returns the first error of `compare`.
Status JudgeSlices(std::int64_t least_rows, double confidence, const CompareSlice& compare,
                   std::vector<SliceComparison>& slices);

}  // namespace retrain::decide
