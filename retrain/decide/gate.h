#pragma once

#include <vector>

#include "retrain/decide/decision.h"
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

  bool operator==(const GateOptions&) const = default;
};

// Judges a candidate by its paired comparisons with the champion. Pure.
//   promote       the evidence asked for is there, and no metric is significantly worse
//   reject        the primary metric is significantly worse or excludes the minimum improvement, or another regressed
//   inconclusive  anything else: too little evidence, or a metric without a value on these rows; the champion stays
// `versus` names the opponent in the sentence: "champion 3", "the constant predictor".
// REQUIRES: at least one comparison, in the order of options.metrics.
struct GateDecision {
  Verdict verdict = Verdict::kInconclusive;
  Decision decision;  // subject "gate", action = the verdict's name

  bool operator==(const GateDecision&) const = default;
};
GateDecision DecideGate(const GateOptions& options, const std::vector<eval::Comparison>& comparisons,
                        std::string_view versus);

}  // namespace retrain::decide
