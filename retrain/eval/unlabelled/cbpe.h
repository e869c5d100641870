#pragma once

#include <optional>

#include "retrain/eval/unlabelled/calibrators.h"

namespace retrain::eval {

// How well a model does on rows without labels, if its scores mean there what they meant on the reference.
struct PerformanceEstimate {
  UnlabelledMetric metric = UnlabelledMetric::kAccuracy;
  double value = 0;
  double sampling_error = 0;  // standard error if the calibrated scores were the true chances
  double narrow_lower = 0;    // value ± 3 sampling errors, within 0 … 1: NannyML's band
  double narrow_upper = 0;
  double calibration_error = 0;  // how far the value moves when the curves are fitted on other rows of the same law
  double lower = 0;              // value ± 3 of both errors together
  double upper = 0;
  double lower_threshold = 0;  // mean ± 3 deviations of the metric over ten chunks of the reference
  double upper_threshold = 0;
  bool alarm = false;       // the value lies outside these
  bool sure_alarm = false;  // so does all of lower … upper

  bool operator==(const PerformanceEstimate&) const = default;
};

struct UnlabelledReport {
  std::vector<PerformanceEstimate> estimates;
  double unsupported_share = 0;  // rows whose score the reference hardly has: fewer than 20 rows within 0.05 of it
  bool unsupported = false;      // above 5 %: the estimates rest on an extrapolation
  std::int64_t rows = 0;

  const PerformanceEstimate* Find(UnlabelledMetric metric) const;  // null: not defined for these rows
  bool operator==(const UnlabelledReport&) const = default;
};

struct CbpeOptions {
  int refits = 40;  // of the curves, for the calibration error
  std::uint64_t seed = 7;
};

// Confidence-based performance estimation, as NannyML 0.13 does it: calibrated scores are taken for the chance of being
// right. It sees a change of what the model is asked, not a change of what is true; nothing without labels can. The
// wider band and the flag of unsupported rows are ours.
class Cbpe {
 public:
  // `truth` is the class of each reference row, which the model was not trained on. E0214 for fewer than 20 rows, or
  // when a class never occurs; E0308 for scores that are none.
  static Result<Cbpe> Fit(const ScoredRows& reference, std::span<const std::int32_t> truth,
                          const CbpeOptions& options = {});

  // E0308 and E0214 as above. REQUIRES: as many classes as the reference.
  Result<UnlabelledReport> Estimate(const ScoredRows& rows) const;

  bool calibrates(std::size_t column) const { return !curves_[column].is_identity(); }

 private:
  struct Learnt {
    UnlabelledMetric metric;
    std::optional<double> error;  // sampling error of one row, so to say: divided by sqrt(rows)
    double lower_threshold = 0;
    double upper_threshold = 0;
  };
  std::vector<std::vector<double>> Refitted(std::vector<OneAgainstRest> classes) const;
  double UnsupportedShare(const ScoredRows& rows) const;

  CbpeOptions options_;
  std::int64_t classes_ = 2;
  std::vector<CalibrationData> data_;               // of each column of scores
  std::vector<IsotonicCurve> curves_;               // identities where calibrating is not worthwhile
  std::vector<std::vector<IsotonicCurve>> refits_;  // [refit][column]
  std::vector<Learnt> learnt_;
};

}  // namespace retrain::eval
