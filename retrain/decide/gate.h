#pragma once

#include <optional>
#include <vector>

#include "retrain/decide/decision.h"
#include "retrain/decide/reuse.h"
#include "retrain/decide/slices.h"
#include "retrain/eval/comparison.h"

namespace retrain::decide {

enum class Verdict { kPromote, kReject, kInconclusive };

std::string_view Name(Verdict verdict);  // "promote", "reject", "inconclusive"
Result<Verdict> VerdictFromName(std::string_view name);

// How much proof a promotion takes. kStandard: the lower bound of the primary metric is above 0 and its estimate
// reaches the minimum improvement. kStrict: the bound itself exceeds the minimum improvement. kPoint: bare estimates.
enum class Evidence { kStandard, kStrict, kPoint };

std::string_view Name(Evidence evidence);
Result<Evidence> EvidenceFromName(std::string_view name);

// The user's `validation_config`.
struct GateOptions {
  std::vector<eval::Metric> metrics;   // the first is the primary one; empty: by task
  double minimum_improvement = 0;      // in units of the primary metric
  bool fallback_on_regression = true;  // any metric significantly worse refuses
  double confidence = 0.95;            // one-sided
  Evidence evidence = Evidence::kStandard;
  Reuse reuse = Reuse::kSpend;
  std::vector<std::string> slices;           // watched: eval::ParseSliceRule of each
  std::vector<std::string> critical_slices;  // likewise
  double slice_tolerance = 0;                // loss of the primary metric that a slice may have, in its units
  std::int64_t min_slice_rows = 100;         // fewer say nothing
  std::int64_t anchor_windows = 3;           // rows of so many earlier promotions are judged again
  std::optional<double> forgetting_budget;   // loss on them that is accepted; empty: any, it is only told

  bool operator==(const GateOptions&) const = default;
};

// What a gate looks at.
struct GateEvidence {
  std::vector<eval::Comparison> comparisons;   // one a metric, in the order of GateOptions::metrics
  std::vector<SliceComparison> slices = {};    // judged by JudgeSlices()
  std::optional<eval::Comparison> again = {};  // the first one at the confidence that DecideReuse() leaves
};

// Judges a candidate by its paired comparisons with the champion. Pure.
//   promote       the evidence asked for is there, no metric is significantly worse, no slice either, and critical
//                 slices are shown to hold
//   reject        the primary metric is significantly worse or excludes the minimum improvement, or another metric or a
//                 slice regressed
//   inconclusive  anything else: too little evidence, or too little for rows that judge again, or a metric without a
//                 value on these rows; the champion stays
// `versus` names the opponent in the sentence: "champion 3", "the constant predictor".
// REQUIRES: at least one comparison.
struct GateDecision {
  Verdict verdict = Verdict::kInconclusive;
  Decision decision;  // subject "gate", action = the verdict's name

  bool operator==(const GateDecision&) const = default;
};
GateDecision DecideGate(const GateOptions& options, const GateEvidence& evidence, std::string_view versus);

}  // namespace retrain::decide
