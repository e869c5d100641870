#pragma once

#include <optional>

#include "retrain/eval/unlabelled/scored_rows.h"

namespace retrain::eval {

// The mean of a loss over rows, or its root. `log` losses are of ln(1 + value).
enum class LossMetric { kMae, kMape, kMse, kRmse, kMsle, kRmsle };
inline constexpr LossMetric kLossMetrics[] = {LossMetric::kMae,  LossMetric::kMape, LossMetric::kMse,
                                              LossMetric::kRmse, LossMetric::kMsle, LossMetric::kRmsle};
std::string_view Name(LossMetric metric);  // "mae", …

// The loss of one row: |e|, |e|/max(2^-52, |y|), e², e², (ln(1 + y) - ln(1 + said))², the same. NaN where a logarithm
// is not defined.
double RowLoss(LossMetric metric, double truth, double said);

struct LossEstimate {
  LossMetric metric = LossMetric::kMae;
  double value = 0;
  double sampling_error = 0;
  double narrow_lower = 0;  // value ± 3 sampling errors, not below 0: NannyML's band
  double narrow_upper = 0;
  double model_error = 0;  // how wrong the estimates of held-out reference chunks were, beyond their sampling
  double lower = 0;        // value ± 3 of both errors
  double upper = 0;
  double lower_threshold = 0;  // mean ± 3 deviations of the metric over ten chunks of the reference
  double upper_threshold = 0;
  bool alarm = false;

  bool operator==(const LossEstimate&) const = default;
};

// Direct loss estimation, as NannyML 0.13 does it: a regressor that was trained to predict each row's loss is believed
// on rows without labels. Which regressor is the caller's business; this takes what it predicts.
class DirectLoss {
 public:
  // `truth` and `said` of the reference. `held_out`, when given, is what a regressor predicts for the loss of each
  // reference row that was not trained on that row (out of fold): from it the model's own error is told. E0214 for
  // fewer than 20 rows, E0308 for a row without a loss.
  static Result<DirectLoss> Fit(LossMetric metric, std::span<const double> truth, std::span<const double> said,
                                std::span<const double> held_out = {});

  // From the predicted loss of each row; losses below 0 count as 0. E0214 without rows, E0308 for one that is no
  // number.
  Result<LossEstimate> Estimate(std::span<const double> predicted_losses) const;

 private:
  LossMetric metric_ = LossMetric::kMae;
  double mean_ = 0;       // of the rows' losses
  double deviation_ = 0;  // likewise
  double model_error_ = 0;
  double lower_threshold_ = 0;
  double upper_threshold_ = 0;
};

}  // namespace retrain::eval
