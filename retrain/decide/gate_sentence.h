#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "retrain/decide/gate.h"

namespace retrain::decide {

// What settled a gate.
enum class Ground {
  kProven,         // promote
  kWorse,          // reject: the metric is significantly worse (evidence point: worse, or no better)
  kBelowMinimum,   // reject: better perhaps, but not by the minimum improvement
  kNoValue,        // inconclusive: the metric has no value on these rows
  kTooLittle,      // inconclusive: too little evidence
  kReused,         // inconclusive: enough for once, and too little for rows that have judged before
  kSliceWorse,     // reject: the primary metric is worse in a slice
  kSliceUnproven,  // inconclusive: nothing shows that a critical slice holds
};

struct Finding {
  Verdict verdict = Verdict::kInconclusive;
  Ground ground = Ground::kTooLittle;
  std::size_t about = 0;  // the comparison that settled it, 0 is the primary one; or the slice
};

// The one sentence of a gate, with the numbers that settled it. Shares are told in percent points, other metrics in
// their own units; as many decimals as it takes to tell the numbers apart.
std::string Sentence(const Finding& finding, const GateOptions& options, const GateEvidence& evidence,
                     std::string_view versus);

// About how many rows would settle the primary metric four times out of five, if the estimate is the truth:
// n ((z_confidence + z_0.8) error/(estimate - boundary))². The boundary is what the estimate has to be told from. 0
// when the bounds do not shrink like that, or the estimate lies on the boundary.
double RowsToDecide(const GateOptions& options, const eval::Comparison& primary);

}  // namespace retrain::decide
