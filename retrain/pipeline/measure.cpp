#include "retrain/pipeline/measure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "retrain/base/parallel.h"
#include "retrain/base/sha256.h"
#include "retrain/base/text.h"
#include "retrain/data/labels.h"
#include "retrain/data/splits.h"
#include "retrain/pipeline/drift_window.h"
#include "retrain/pipeline/reference.h"
#include "retrain/pipeline/unlabelled.h"
#include "retrain/stats/two_samples.h"
#include "retrain/train/slice.h"

namespace retrain::pipeline {
namespace {

constexpr double kConfidence = 0.95;  // one-sided, of the bound that a drop has to exclude 0 with

std::vector<data::FileRange> RangesOf(const std::vector<PendingFile>& files) {
  std::vector<data::FileRange> ranges;
  for (const auto& file : files) ranges.push_back({.path = file.path, .begin = 0, .end = file.rows});
  return ranges;
}

std::int64_t RowsOf(const std::vector<PendingFile>& files) {
  std::int64_t rows = 0;
  for (const auto& file : files) rows += file.rows;
  return rows;
}

// Names the bytes of these files: kept paths are digests.
std::string BytesOf(const std::vector<PendingFile>& files) {
  std::string paths;
  for (const auto& file : files) paths += file.path + "\n";
  return Sha256Hex(paths).substr(0, 32);
}

// Adds the rows that have a label.
Status AppendLabelled(const data::Frame& frame, const model::Model& model, const Place& where, eval::Truth& truth,
                      std::vector<double>& scores) {
  const auto& contract = model.contract();
  const auto* target = frame.Find(contract.roles.target);
  if (target == nullptr) return Ok();
  const auto* weights = contract.roles.weight.empty() ? nullptr : frame.Find(contract.roles.weight);
  const auto values = data::TryCodeLabels(*target, contract.labels);
  TRY(const auto predicted, model.Predict(frame));
  for (std::int64_t row = 0; row < frame.rows(); ++row) {
    if (target->IsNull(row)) continue;
    if (std::isnan(values[row]))
      return data::LabelFault(*target, contract.labels, where, static_cast<std::size_t>(row));
    truth.values.push_back(values[row]);
    if (weights != nullptr) truth.weights.push_back(weights->numbers[row]);
    for (std::int64_t output = 0; output < predicted.outputs; ++output) scores.push_back(predicted.At(row, output));
  }
  return Ok();
}

Json ToJson(const stats::Interval& interval) {
  Json json;
  json.Set("value", interval.value).Set("error", interval.error).Set("lower", interval.lower);
  return json.Set("upper", interval.upper).Set("rows", interval.n);
}

stats::Interval IntervalFromJson(const Json& json) {
  return {.value = json["value"].AsDouble(),
          .error = json["error"].AsDouble(),
          .lower = json["lower"].AsDouble(),
          .upper = json["upper"].AsDouble(),
          .n = json["rows"].AsInt()};
}

// Turned so that larger is worse.
stats::Interval DropOf(eval::Metric metric, const stats::Interval& before, const stats::Interval& now) {
  return eval::LargerIsBetter(metric) ? stats::IndependentDifference(before, now)
                                      : stats::IndependentDifference(now, before);
}

decide::Measured Nothing(std::string why) { return {.why_not = std::move(why)}; }

}  // namespace

Result<std::optional<ChampionData>> LoadChampionData(Home& home) {
  TRY(const auto alias, home.registry().Find(registry::kChampion));
  if (!alias) return std::optional<ChampionData>();
  ChampionData data;
  TRY(data.version, home.registry().Get(alias->version));
  TRY(data.run, home.runs().Get(data.version.run));
  return std::optional<ChampionData>(std::move(data));
}

Result<Meter::Measurements> Meter::Measure(const std::vector<decide::TriggerOptions>& triggers) {
  Measurements found;
  TRY_OK(MeasureAll(triggers, "", found));
  return found;
}

Status Meter::MeasureAll(const std::vector<decide::TriggerOptions>& triggers, const std::string& above,
                         Measurements& found) {
  const auto names = decide::NameTriggers(triggers);
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    const auto& trigger = triggers[i];
    const std::string name = above.empty() ? names[i] : fmt::format("{}/{}", above, names[i]);
    TRY_OK(MeasureAll(trigger.of, name, found));
    const bool drifts = trigger.type == "drift_detected";
    if (!drifts && trigger.type != "performance_drop") continue;
    if (!champion_) {
      found[name] = Nothing("there is no champion yet to hold new rows against");
      continue;
    }
    auto measured = drifts ? Drift(trigger) : Performance(trigger);
    if (!measured.ok()) {
      if (measured.error().kind() == ErrorKind::kStore) return std::move(measured).error();
      found[name] = Nothing(fmt::format("it cannot be measured: {}", measured.error().message));
      continue;
    }
    found[name] = std::move(measured).value();
  }
  return Ok();
}

// Pending files next to each other that together have enough rows for one verdict; the newest `most`, oldest first.
std::vector<std::vector<PendingFile>> Meter::Windows(int most) const {
  std::vector<std::vector<PendingFile>> windows(1);
  for (const auto& file : pending_) {
    windows.back().push_back(file);
    if (RowsOf(windows.back()) >= window_rows_) windows.emplace_back();
  }
  windows.pop_back();  // what does not fill a window yet, or nothing
  const auto count = std::ssize(windows);
  return {windows.end() - std::min<std::ptrdiff_t>(count, most), windows.end()};
}

Result<Json> Meter::Once(const std::string& what, const std::vector<PendingFile>& files,
                         const std::function<Result<Json>()>& measure) {
  const auto id = champion_->version.id;
  const bool known = std::all_of(files.begin(), files.end(), [](const auto& file) { return bool(file.chunk); });
  if (known) {
    TRY(auto kept, home_.triggers().Measurement(id, what));
    if (kept) return *std::move(kept);
  }
  TRY(auto numbers, measure());
  if (known && keeps_) TRY_OK(home_.triggers().KeepMeasurement(id, what, numbers));
  return numbers;
}

Status Meter::NeedModel() {
  if (model_) return Ok();
  TRY(const auto artifact, home_.registry().LoadArtifact(champion_->version.id));
  TRY(model_, model::LoadModel(artifact));
  return Ok();
}

Result<Json> Meter::CompareWindow(const decide::TriggerOptions& trigger, const std::vector<PendingFile>& window) {
  if (!reference_) {
    TRY(reference_, LoadReference(home_, champion_->version, keeps_));
  }
  TRY_OK(NeedModel());
  return MeasureDrift({home_.files(), champion_->run, *reference_, *model_}, trigger, RangesOf(window));
}

Result<decide::Measured> Meter::Drift(const decide::TriggerOptions& trigger) {
  const auto windows = Windows(trigger.windows.of);
  if (windows.empty()) {
    const auto rows = RowsOf(pending_);
    return Nothing(rows == 0 ? "no row waits that the champion has not learned from"
                             : fmt::format("{} wait, {} short of a window (min_new_samples {})", Counted(rows, "row"),
                                           Grouped(window_rows_ - rows), Grouped(window_rows_)));
  }
  decide::Measured measured;
  for (const auto& window : windows) {
    const auto what = fmt::format("drift by {} {:g} {} [{}] {}", trigger.method, trigger.threshold, trigger.share,
                                  fmt::join(trigger.columns, ","), BytesOf(window));
    TRY(const auto numbers, Once(what, window, [&] { return CompareWindow(trigger, window); }));
    measured.windows.push_back(DriftWindowOf(numbers));
    measured.windows.back().first_chunk = window.front().chunk.value;
    measured.windows.back().last_chunk = window.back().chunk.value;
  }
  return measured;
}

Result<Json> Meter::EstimateOn(eval::Metric metric, const std::vector<data::FileRange>& rows) {
  TRY_OK(NeedModel());
  const auto& contract = model_->contract();
  const train::FileSlice reference(home_.files(), champion_->run.slice.judged, contract);
  const data::Schema features{.fields = contract.roles.features};
  TRY(const auto current, data::OpenRanges(home_.files(), rows, {.columns = features.Names(), .expected = &features}));
  TRY(const auto estimate, EstimateWithoutLabels(home_.files(), metric, *model_, reference, *current, kConfidence));
  return ToJson(estimate);
}

Result<Json> Meter::EvaluateOn(eval::Metric metric, const std::vector<data::FileRange>& rows) {
  TRY_OK(NeedModel());
  eval::Truth truth{.labels = model_->contract().labels};
  std::vector<double> scores;
  for (const auto& range : rows) {
    TRY(const auto source, data::OpenRanges(home_.files(), {range}));
    std::int64_t at = range.begin;
    while (true) {
      TRY(const auto frame, source->Next());
      if (!frame) break;
      const Place where{.file = range.path, .key = model_->contract().roles.target, .row = at};
      TRY_OK(AppendLabelled(*frame, *model_, where, truth, scores));
      at += frame->rows();
    }
  }
  if (truth.values.empty()) {
    Json json;
    return json.Set("rows", 0).Set("undefined", true);
  }
  const auto outputs = std::max<std::int64_t>(1, std::ssize(truth.labels.classes));
  TRY(const auto estimate, eval::EstimateMetric(metric, truth, {outputs, scores}, kConfidence));
  return ToJson(estimate.interval).Set("undefined", estimate.undefined);
}

Result<decide::Measured> Meter::Performance(const decide::TriggerOptions& trigger) {
  if (pending_.empty()) return Nothing("no row waits that the champion has not learned from");
  TRY(const auto metric, eval::MetricFromName(trigger.metric));
  const auto& judged = champion_->run.slice.judged;
  const std::string what =
      fmt::format("{}{} {}", trigger.estimated ? "estimated " : "", trigger.metric, BytesOf(pending_));
  TRY(const auto now, Once(what, pending_, [&] {
        return trigger.estimated ? EstimateOn(metric, RangesOf(pending_)) : EvaluateOn(metric, RangesOf(pending_));
      }));
  if (now["rows"].AsInt() == 0) return Nothing("no row that waits has a label");
  if (now["undefined"].AsBool()) return Nothing(fmt::format("there is no {} of the rows that wait", trigger.metric));
  stats::Interval before{.value = trigger.baseline.value_or(0)};
  before.lower = before.upper = before.value;
  if (!trigger.baseline) {
    TRY(const auto numbers,
        Once(fmt::format("{} baseline", trigger.metric), {}, [&] { return EvaluateOn(metric, judged); }));
    if (numbers["undefined"].AsBool())
      return Nothing(fmt::format("there is no {} of the champion's validation rows", trigger.metric));
    before = IntervalFromJson(numbers);
  }
  const auto seen = IntervalFromJson(now);
  const auto drop = DropOf(metric, before, seen);
  decide::Measured measured;
  measured.drop = decide::PerformanceDrop{.baseline = before.value,
                                          .now = seen.value,
                                          .drop = drop.value,
                                          .lower = drop.lower,
                                          .confidence = kConfidence,
                                          .rows = seen.n,
                                          .baseline_rows = before.n,
                                          .newest = pending_.back().arrived_at};
  if (trigger.estimated) {
    measured.drop->estimated = decide::WithoutLabels{.sampling_error = now["sampling_error"].AsDouble(),
                                                     .model_error = now["model_error"].AsDouble(),
                                                     .unlike_share = now["unlike_share"].AsDouble(),
                                                     .unlike = now["unlike"].AsString()};
  }
  return measured;
}

}  // namespace retrain::pipeline
