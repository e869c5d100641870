#include "retrain/pipeline/unlabelled.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/eval/rows.h"
#include "retrain/eval/unlabelled/cbpe.h"
#include "retrain/eval/unlabelled/dle.h"
#include "retrain/model/targets.h"
#include "retrain/pipeline/column_ranges.h"
#include "retrain/pipeline/loss_model.h"
#include "retrain/stats/distributions.h"
#include "retrain/train/slice.h"

namespace retrain::pipeline {
namespace {

using eval::Metric;

constexpr double kMostUnlike = 0.05;  // share of rows; the same as of unsupported scores in eval::Cbpe

// f1_macro is what f1 is with more than two classes.
std::optional<eval::UnlabelledMetric> OfClasses(Metric metric, data::Task task) {
  switch (metric) {
    case Metric::kAccuracy: return eval::UnlabelledMetric::kAccuracy;
    case Metric::kPrecision: return eval::UnlabelledMetric::kPrecision;
    case Metric::kRecall: return eval::UnlabelledMetric::kRecall;
    case Metric::kRocAuc: return eval::UnlabelledMetric::kRocAuc;
    case Metric::kF1: return eval::UnlabelledMetric::kF1;
    case Metric::kF1Macro:
      if (task == data::Task::kMulticlass) return eval::UnlabelledMetric::kF1;
      return {};
    default: return {};
  }
}

std::optional<eval::LossMetric> OfValues(Metric metric) {
  if (metric == Metric::kMae) return eval::LossMetric::kMae;
  if (metric == Metric::kRmse) return eval::LossMetric::kRmse;
  return {};
}

bool CanEstimate(Metric metric, data::Task task) {
  return task == data::Task::kRegression ? OfValues(metric).has_value() : OfClasses(metric, task).has_value();
}

// What the model said of rows whose labels are known.
struct Reference {
  std::vector<data::Frame> frames;
  std::vector<double> truth;
  std::vector<double> scores;
};

Result<Reference> ReadReference(const model::Model& model, const data::Table& table) {
  Reference reference;
  TRY_OK(train::ForEachFrame(table, model.contract(), [&](const train::LabelledRows& rows) -> Status {
    TRY(const auto said, model.Predict(rows.rows));
    reference.frames.push_back(rows.rows);
    reference.truth.insert(reference.truth.end(), rows.targets.begin(), rows.targets.end());
    reference.scores.insert(reference.scores.end(), said.values.begin(), said.values.end());
    return Ok();
  }));
  return reference;
}

Status OverRows(const model::Model& model, data::TableSource& source,
                const std::function<Status(const data::Frame&, const std::vector<double>&)>& take) {
  while (true) {
    TRY(const auto frame, source.Next());
    if (!frame) return Ok();
    TRY(const auto said, model.Predict(*frame));
    TRY_OK(take(*frame, said.values));
  }
}

eval::ScoredRows ScoredRowsOf(const data::Labels& labels, const std::vector<double>& scores) {
  const auto classes = std::ssize(labels.classes);
  const eval::Truth rows{.labels = labels, .values = std::vector<double>(scores.size() / classes)};
  eval::ScoredRows scored{.classes = classes, .predicted = eval::PredictedClasses(rows, {classes, scores}, 0.5)};
  if (classes != 2) {
    scored.scores = scores;
    return scored;
  }
  for (std::size_t row = 0; row < scored.rows(); ++row) scored.scores.push_back(scores[2 * row + 1]);
  return scored;
}

UnlabelledEstimate EstimateOf(double value, double sampling_error, double model_error, std::int64_t rows,
                              double confidence, double most) {
  const double error = std::hypot(sampling_error, model_error);
  const double reach = stats::NormalQuantile(confidence) * error;
  return {.interval = {.value = value,
                       .error = error,
                       .lower = std::max(0.0, value - reach),
                       .upper = std::min(most, value + reach),
                       .n = rows},
          .sampling_error = sampling_error,
          .model_error = model_error};
}

Result<UnlabelledEstimate> EstimateClasses(Metric metric, const model::Model& model, const Reference& reference,
                                           data::TableSource& rows, double confidence) {
  const auto& labels = model.contract().labels;
  const auto wanted = *OfClasses(metric, labels.task);
  ColumnRanges ranges(model.contract().roles.features);
  for (const auto& frame : reference.frames) ranges.Learn(frame);
  const std::vector<std::int32_t> truth(reference.truth.begin(), reference.truth.end());
  TRY(const auto cbpe, eval::Cbpe::Fit(ScoredRowsOf(labels, reference.scores), truth));
  std::vector<double> scores;
  TRY_OK(OverRows(model, rows, [&](const data::Frame& frame, const std::vector<double>& said) {
    ranges.Count(frame);
    scores.insert(scores.end(), said.begin(), said.end());
    return Ok();
  }));
  TRY(const auto report, cbpe.Estimate(ScoredRowsOf(labels, scores)));
  const auto* found = report.Find(wanted);
  if (found == nullptr) {
    return Error{.code = "E0214", .message = fmt::format("{} has no estimate on these rows", Name(metric))};
  }
  auto estimate = EstimateOf(found->value, found->sampling_error, found->calibration_error, report.rows, confidence, 1);
  const auto worst = ranges.Worst();
  const bool by_score = report.unsupported && report.unsupported_share >= worst.share;
  estimate.unlike_share = by_score ? report.unsupported_share : worst.share;
  if (estimate.unlike_share > kMostUnlike)
    estimate.unlike = by_score ? "their scores" : fmt::format("`{}`", worst.column);
  return estimate;
}

Result<UnlabelledEstimate> EstimateValues(StateFs& files, Metric metric, const model::Model& model,
                                          const Reference& reference, data::TableSource& rows, double confidence) {
  const auto wanted = *OfValues(metric);
  const auto& contract = model.contract();
  ColumnRanges ranges(LossFeatures(contract));
  std::vector<data::Frame> frames;
  std::vector<double> losses;
  for (const auto& frame : reference.frames) {
    const auto said = std::span(reference.scores).subspan(losses.size(), static_cast<std::size_t>(frame.rows()));
    frames.push_back(WithSaid(frame, said));
    ranges.Learn(frames.back());
    for (const double one : said) losses.push_back(eval::RowLoss(wanted, reference.truth[losses.size()], one));
  }
  TRY(const auto held_out, HeldOutLosses(files, contract, frames, losses));
  TRY(const auto direct, eval::DirectLoss::Fit(wanted, reference.truth, reference.scores, held_out));
  TRY(const auto regressor, TrainLossModel(files, contract, frames, losses));
  std::vector<double> predicted;
  TRY_OK(OverRows(model, rows, [&](const data::Frame& frame, const std::vector<double>& said) -> Status {
    const auto with_said = WithSaid(frame, said);
    ranges.Count(with_said);
    TRY(const auto of_rows, regressor->Predict(with_said));
    predicted.insert(predicted.end(), of_rows.values.begin(), of_rows.values.end());
    return Ok();
  }));
  TRY(const auto found, direct.Estimate(predicted));
  auto estimate = EstimateOf(found.value, found.sampling_error, found.model_error, std::ssize(predicted), confidence,
                             std::numeric_limits<double>::infinity());
  const auto worst = ranges.Worst();
  estimate.unlike_share = worst.share;
  if (worst.share > kMostUnlike) estimate.unlike = fmt::format("`{}`", worst.column);
  return estimate;
}

}  // namespace

Json ToJson(const UnlabelledEstimate& estimate) {
  const auto& interval = estimate.interval;
  Json json;
  json.Set("value", interval.value).Set("error", interval.error).Set("lower", interval.lower);
  json.Set("upper", interval.upper).Set("rows", interval.n);
  json.Set("sampling_error", estimate.sampling_error).Set("model_error", estimate.model_error);
  return json.Set("unlike_share", estimate.unlike_share).Set("unlike", estimate.unlike);
}

std::vector<std::string> EstimableMetrics(std::optional<data::Task> task) {
  std::vector<std::string> names;
  for (int i = 0; i <= static_cast<int>(Metric::kR2); ++i) {
    const auto metric = static_cast<Metric>(i);
    bool can = false;
    for (const auto any : {data::Task::kBinary, data::Task::kMulticlass, data::Task::kRegression})
      can |= (!task || *task == any) && CanEstimate(metric, any);
    if (can) names.emplace_back(Name(metric));
  }
  return names;
}

Result<UnlabelledEstimate> EstimateWithoutLabels(StateFs& files, Metric metric, const model::Model& model,
                                                 const data::Table& reference, data::TableSource& rows,
                                                 double confidence) {
  const auto task = model.contract().labels.task;
  if (!CanEstimate(metric, task)) {
    return Error{
        .code = "E0102",
        .message = fmt::format("{} cannot be estimated without labels for a {} task", Name(metric), data::Name(task)),
        .hint = "those that can: " + ListNames(EstimableMetrics(task))};
  }
  TRY(const auto known, ReadReference(model, reference));
  if (known.truth.size() < 20) {
    return Error{.code = "E0214",
                 .message = fmt::format("{} with a label to learn from, estimating without labels needs 20",
                                        Counted(std::ssize(known.truth), "row"))};
  }
  if (task != data::Task::kRegression) return EstimateClasses(metric, model, known, rows, confidence);
  return EstimateValues(files, metric, model, known, rows, confidence);
}

}  // namespace retrain::pipeline
