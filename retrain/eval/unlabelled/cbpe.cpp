#include "retrain/eval/unlabelled/cbpe.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "retrain/eval/unlabelled/sampling_error.h"
#include "retrain/stats/delong.h"

namespace retrain::eval {
namespace {

constexpr double kBand = 3;  // standard errors

std::int32_t ClassOf(std::size_t column, std::int64_t classes) {
  return classes == 2 ? 1 : static_cast<std::int32_t>(column);
}

std::vector<std::uint8_t> Is(std::span<const std::int32_t> rows, std::int32_t of_class) {
  std::vector<std::uint8_t> is(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) is[row] = rows[row] == of_class ? 1 : 0;
  return is;
}

// Each class against the rest, without chances as yet.
std::vector<OneAgainstRest> Split(const ScoredRows& rows) {
  std::vector<OneAgainstRest> classes(rows.columns());
  for (std::size_t column = 0; column < classes.size(); ++column) {
    classes[column].score = rows.Column(column);
    classes[column].said = Is(rows.predicted, ClassOf(column, rows.classes));
    classes[column].descending = Descending(classes[column].score);
  }
  return classes;
}

void SetTruth(std::vector<OneAgainstRest>& classes, std::span<const std::int32_t> truth) {
  const auto count = static_cast<std::int64_t>(classes.size());
  for (std::size_t column = 0; column < classes.size(); ++column) {
    const auto is = Is(truth, ClassOf(column, count == 1 ? 2 : count));
    classes[column].chance.assign(is.begin(), is.end());
  }
}

// Calibrated scores; with more than two classes scaled to sum 1, even where all are 0.
void SetChances(std::vector<OneAgainstRest>& classes, std::span<const IsotonicCurve> curves) {
  for (std::size_t column = 0; column < classes.size(); ++column) {
    classes[column].chance.clear();
    for (const double score : classes[column].score) classes[column].chance.push_back(curves[column].At(score));
  }
  if (classes.size() == 1) return;
  for (std::size_t row = 0; row < classes.front().score.size(); ++row) {
    double sum = 0;
    for (const auto& one : classes) sum += one.chance[row];
    for (auto& one : classes)
      one.chance[row] = sum == 0 ? 1 / static_cast<double>(classes.size()) : one.chance[row] / sum;
  }
}

double ExpectedOver(UnlabelledMetric metric, std::span<const OneAgainstRest> classes) {
  if (metric == UnlabelledMetric::kAccuracy && classes.size() > 1) {  // the chance of the class that was said
    double right = 0;
    for (const auto& one : classes) {
      for (std::size_t row = 0; row < one.said.size(); ++row) right += one.said[row] != 0 ? one.chance[row] : 0;
    }
    return right / static_cast<double>(classes.front().said.size());
  }
  double sum = 0;
  for (const auto& one : classes) sum += ExpectedMetric(metric, one);
  return sum / static_cast<double>(classes.size());
}

// The metric of labelled rows; NaN where NannyML has none: a class or a prediction that never occurs.
double Realised(UnlabelledMetric metric, const ScoredRows& rows, std::span<const std::int32_t> truth) {
  const auto differ = [](std::span<const std::int32_t> values) {
    return std::any_of(values.begin(), values.end(), [&](std::int32_t value) { return value != values.front(); });
  };
  const double undefined = std::nan("");
  if (!differ(truth)) return undefined;
  if (metric != UnlabelledMetric::kRocAuc && !differ(rows.predicted)) return undefined;
  auto classes = Split(rows);
  SetTruth(classes, truth);
  if (metric != UnlabelledMetric::kRocAuc) return ExpectedOver(metric, classes);
  double sum = 0;
  for (const auto& one : classes) {
    const std::vector<std::uint8_t> positive(one.chance.begin(), one.chance.end());
    const auto members = std::count(positive.begin(), positive.end(), 1);
    if (members == 0 || members == std::ssize(positive)) return undefined;
    sum += stats::AreaUnderRoc(positive, stats::Placements(positive, one.score));
  }
  return sum / static_cast<double>(classes.size());
}

struct Limits {
  double lower = 0;
  double upper = 0;
};
Limits LimitsOverChunks(UnlabelledMetric metric, const ScoredRows& rows, std::span<const std::int32_t> truth) {
  constexpr std::size_t kChunks = 10;
  std::vector<double> known;
  const std::size_t size = rows.rows() / kChunks;
  for (std::size_t begin = 0; begin < rows.rows(); begin += size) {
    const std::size_t end = std::min(begin + size, rows.rows());
    const double value = Realised(metric, rows.Slice(begin, end), truth.subspan(begin, end - begin));
    if (!std::isnan(value)) known.push_back(value);
  }
  const auto n = static_cast<double>(known.size());
  const double mean = std::accumulate(known.begin(), known.end(), 0.0) / n;
  double squares = 0;
  for (const double value : known) squares += (value - mean) * (value - mean);
  const double reach = kBand * std::sqrt(squares / n);
  return {std::max(0.0, mean - reach), std::min(1.0, mean + reach)};
}

// The root of the mean squared distance between a value and those of curves that were fitted on rows drawn anew. So it
// holds the doubt of the curves just where these rows lie, and the miscalibration that was left alone.
double ErrorOfCalibration(std::size_t metric, const std::vector<std::vector<double>>& refitted, double value) {
  double squares = 0;
  double count = 0;
  for (const auto& values : refitted) {
    if (!std::isfinite(values[metric])) continue;
    squares += (values[metric] - value) * (values[metric] - value);
    count += 1;
  }
  return count == 0 ? 0 : std::sqrt(squares / count);
}

Status CheckTruth(const ScoredRows& reference, std::span<const std::int32_t> truth) {
  constexpr std::size_t kLeastRows = 20;
  RETRAIN_ALWAYS(truth.size() == reference.rows());
  if (truth.size() < kLeastRows) {
    return Error{.code = "E0214",
                 .message = fmt::format("the reference has {} labelled rows, and estimating a performance needs {}",
                                        truth.size(), kLeastRows)};
  }
  for (std::int32_t of_class = 0; of_class < reference.classes; ++of_class) {
    if (std::find(truth.begin(), truth.end(), of_class) != truth.end()) continue;
    return Error{.code = "E0214",
                 .message = fmt::format("class {} never occurs in the reference's labels", of_class),
                 .hint = "choose a reference that has rows of every class"};
  }
  return Ok();
}

}  // namespace

const PerformanceEstimate* UnlabelledReport::Find(UnlabelledMetric metric) const {
  const auto found =
      std::find_if(estimates.begin(), estimates.end(), [&](const auto& e) { return e.metric == metric; });
  return found == estimates.end() ? nullptr : &*found;
}

Result<Cbpe> Cbpe::Fit(const ScoredRows& reference, std::span<const std::int32_t> truth, const CbpeOptions& options) {
  TRY_OK(Check(reference, "the reference"));
  TRY_OK(CheckTruth(reference, truth));
  Cbpe cbpe;
  cbpe.options_ = options;
  cbpe.classes_ = reference.classes;
  auto classes = Split(reference);
  for (std::size_t column = 0; column < classes.size(); ++column) {
    cbpe.data_.emplace_back(classes[column].score, Is(truth, ClassOf(column, reference.classes)));
    const auto& data = cbpe.data_.back();
    cbpe.curves_.push_back(data.IsWorthwhile(options.seed) ? data.Fit() : IsotonicCurve());
  }
  Rng rng(DeriveSeed(options.seed, "refits of the calibration"));
  std::vector<double> drawn(truth.size());
  for (int refit = 0; refit < options.refits; ++refit) {
    std::fill(drawn.begin(), drawn.end(), 0);
    for (std::size_t i = 0; i < drawn.size(); ++i) drawn[rng.Below(drawn.size())] += 1;
    auto& curves = cbpe.refits_.emplace_back();
    for (const auto& data : cbpe.data_) curves.push_back(data.FitWeighted(drawn));
  }
  SetTruth(classes, truth);
  for (const auto metric : kUnlabelledMetrics) {
    const Limits limits = LimitsOverChunks(metric, reference, truth);
    cbpe.learnt_.push_back({metric, SamplingErrorOfOneRow(metric, classes), limits.lower, limits.upper});
  }
  return cbpe;
}

Result<UnlabelledReport> Cbpe::Estimate(const ScoredRows& rows) const {
  RETRAIN_ALWAYS(rows.classes == classes_);
  TRY_OK(Check(rows, "the table"));
  auto classes = Split(rows);
  SetChances(classes, curves_);
  const auto refitted = Refitted(classes);
  UnlabelledReport report{.rows = static_cast<std::int64_t>(rows.rows())};
  for (const auto& learnt : learnt_) {
    const double value = ExpectedOver(learnt.metric, classes);
    if (!learnt.error || !std::isfinite(value)) continue;
    PerformanceEstimate estimate{.metric = learnt.metric,
                                 .value = value,
                                 .sampling_error = *learnt.error / std::sqrt(static_cast<double>(rows.rows())),
                                 .lower_threshold = learnt.lower_threshold,
                                 .upper_threshold = learnt.upper_threshold};
    estimate.narrow_lower = std::max(0.0, value - kBand * estimate.sampling_error);
    estimate.narrow_upper = std::min(1.0, value + kBand * estimate.sampling_error);
    estimate.calibration_error = ErrorOfCalibration(&learnt - learnt_.data(), refitted, value);
    const double reach = kBand * std::hypot(estimate.sampling_error, estimate.calibration_error);
    estimate.lower = std::max(0.0, value - reach);
    estimate.upper = std::min(1.0, value + reach);
    estimate.alarm = value < learnt.lower_threshold || value > learnt.upper_threshold;
    estimate.sure_alarm = estimate.upper < learnt.lower_threshold || estimate.lower > learnt.upper_threshold;
    report.estimates.push_back(estimate);
  }
  constexpr double kTooMany = 0.05;
  report.unsupported_share = UnsupportedShare(rows);
  report.unsupported = report.unsupported_share > kTooMany;
  return report;
}

// What the metrics are with each of the refitted curves.
std::vector<std::vector<double>> Cbpe::Refitted(std::vector<OneAgainstRest> classes) const {
  std::vector<std::vector<double>> values;
  for (const auto& curves : refits_) {
    SetChances(classes, curves);
    auto& of_refit = values.emplace_back();
    for (const auto& learnt : learnt_) of_refit.push_back(ExpectedOver(learnt.metric, classes));
  }
  return values;
}

double Cbpe::UnsupportedShare(const ScoredRows& rows) const {
  constexpr double kReach = 0.05;
  constexpr std::int64_t kLeastRows = 20;
  std::int64_t unsupported = 0;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::size_t column = rows.columns() == 1 ? 0 : static_cast<std::size_t>(rows.predicted[row]);
    const double score = rows.scores[row * rows.columns() + column];
    unsupported += data_[column].Near(score, kReach) < kLeastRows ? 1 : 0;
  }
  return static_cast<double>(unsupported) / static_cast<double>(rows.rows());
}

}  // namespace retrain::eval
