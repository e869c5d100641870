#include "retrain/eval/unlabelled/dle.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace retrain::eval {
namespace {

constexpr double kBand = 3;
constexpr std::size_t kChunks = 10;

bool IsRoot(LossMetric metric) { return metric == LossMetric::kRmse || metric == LossMetric::kRmsle; }

double Mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double Deviation(std::span<const double> values) {
  const double mean = Mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size()));
}

double OfMean(LossMetric metric, double mean) { return IsRoot(metric) ? std::sqrt(mean) : mean; }

double MeanOfPredicted(std::span<const double> losses) {
  double sum = 0;
  for (const double loss : losses) sum += std::max(0.0, loss);
  return sum / static_cast<double>(losses.size());
}

Status CheckLosses(std::span<const double> losses, std::string_view what) {
  for (std::size_t row = 0; row < losses.size(); ++row) {
    if (std::isfinite(losses[row])) continue;
    return Error{.code = "E0308",
                 .message = fmt::format("the {} of row {} is {}", what, row, losses[row]),
                 .where = {.row = static_cast<std::int64_t>(row)}};
  }
  return Ok();
}

template <class Visit>
void OverChunks(std::size_t rows, Visit visit) {
  const std::size_t size = rows / kChunks;
  for (std::size_t begin = 0; begin < rows; begin += size) visit(begin, std::min(begin + size, rows) - begin);
}

// What the estimates of chunks missed by, less what chance alone makes of it.
double ModelError(LossMetric metric, std::span<const double> losses, std::span<const double> held_out) {
  double squares = 0;
  double chunks = 0;
  OverChunks(losses.size(), [&](std::size_t begin, std::size_t count) {
    const auto real = losses.subspan(begin, count);
    const double mean = Mean(real);
    const double miss = OfMean(metric, MeanOfPredicted(held_out.subspan(begin, count))) - OfMean(metric, mean);
    double chance = Deviation(real) / std::sqrt(static_cast<double>(count));
    if (IsRoot(metric) && mean > 0) chance /= 2 * std::sqrt(mean);
    squares += miss * miss - chance * chance;
    chunks += 1;
  });
  return std::sqrt(std::max(0.0, squares / chunks));
}

}  // namespace

std::string_view Name(LossMetric metric) {
  constexpr std::string_view kNames[] = {"mae", "mape", "mse", "rmse", "msle", "rmsle"};
  return kNames[static_cast<std::size_t>(metric)];
}

double RowLoss(LossMetric metric, double truth, double said) {
  const double error = truth - said;
  switch (metric) {
    case LossMetric::kMae: return std::fabs(error);
    case LossMetric::kMape:
      return std::fabs(error) / std::max(std::numeric_limits<double>::epsilon(), std::fabs(truth));
    case LossMetric::kMse:
    case LossMetric::kRmse: return error * error;
    default: {
      const double gap = std::log1p(truth) - std::log1p(said);
      return gap * gap;
    }
  }
}

Result<DirectLoss> DirectLoss::Fit(LossMetric metric, std::span<const double> truth, std::span<const double> said,
                                   std::span<const double> held_out) {
  constexpr std::size_t kLeastRows = 20;
  RETRAIN_ALWAYS(truth.size() == said.size() && (held_out.empty() || held_out.size() == truth.size()));
  if (truth.size() < kLeastRows) {
    return Error{.code = "E0214",
                 .message = fmt::format("the reference has {} labelled rows, and estimating a loss needs {}",
                                        truth.size(), kLeastRows)};
  }
  std::vector<double> losses(truth.size());
  for (std::size_t row = 0; row < losses.size(); ++row) losses[row] = RowLoss(metric, truth[row], said[row]);
  TRY_OK(CheckLosses(losses, fmt::format("{} loss", Name(metric))));
  TRY_OK(CheckLosses(held_out, "held-out predicted loss"));
  DirectLoss fitted;
  fitted.metric_ = metric;
  fitted.mean_ = Mean(losses);
  fitted.deviation_ = Deviation(losses);
  if (!held_out.empty()) fitted.model_error_ = ModelError(metric, losses, held_out);
  std::vector<double> chunks;
  OverChunks(losses.size(), [&](std::size_t begin, std::size_t count) {
    chunks.push_back(OfMean(metric, Mean(std::span(losses).subspan(begin, count))));
  });
  const double reach = kBand * Deviation(chunks);
  fitted.lower_threshold_ = std::max(0.0, Mean(chunks) - reach);
  fitted.upper_threshold_ = Mean(chunks) + reach;
  return fitted;
}

Result<LossEstimate> DirectLoss::Estimate(std::span<const double> predicted_losses) const {
  if (predicted_losses.empty()) return Error{.code = "E0214", .message = "the table has no rows"};
  TRY_OK(CheckLosses(predicted_losses, "predicted loss"));
  const auto rows = static_cast<double>(predicted_losses.size());
  LossEstimate estimate{
      .metric = metric_,
      .value = OfMean(metric_, MeanOfPredicted(predicted_losses)),
      .sampling_error = IsRoot(metric_) ? deviation_ / std::sqrt(4 * rows * mean_) : deviation_ / std::sqrt(rows),
      .model_error = model_error_,
      .lower_threshold = lower_threshold_,
      .upper_threshold = upper_threshold_};
  const double reach = kBand * std::hypot(estimate.sampling_error, model_error_);
  estimate.narrow_lower = std::max(0.0, estimate.value - kBand * estimate.sampling_error);
  estimate.narrow_upper = estimate.value + kBand * estimate.sampling_error;
  estimate.lower = std::max(0.0, estimate.value - reach);
  estimate.upper = estimate.value + reach;
  estimate.alarm = estimate.value < lower_threshold_ || estimate.value > upper_threshold_;
  return estimate;
}

}  // namespace retrain::eval
