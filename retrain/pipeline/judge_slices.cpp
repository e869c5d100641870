#include "retrain/pipeline/judge_slices.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/data/files.h"

namespace retrain::pipeline {
namespace {

using decide::SliceComparison;
using decide::SliceKind;

// The rows of one part, with the scores of both models; or why they cannot be judged.
struct Part {
  Judged judged;
  std::string why_not = {};
};

Part TakePart(const Judged& all, const std::vector<std::size_t>& rows) {
  Part part;
  part.judged.truth = eval::TakeRows(all.truth, rows);
  part.judged.champion = eval::TakeRows({all.outputs, all.champion}, rows);
  part.judged.candidate = eval::TakeRows({all.outputs, all.candidate}, rows);
  part.judged.outputs = all.outputs;
  part.judged.rows = static_cast<std::int64_t>(rows.size());
  return part;
}

Result<eval::Comparison> Compare(eval::Metric metric, const Part& part, const eval::CompareOptions& options) {
  const auto without = [&](const std::string& why) {
    return eval::Comparison{.metric = metric, .confidence = options.confidence, .undefined = true, .note = why};
  };
  if (!part.why_not.empty()) return without(part.why_not);
  const auto& [truth, champion, candidate, outputs, rows, groups] = part.judged;
  auto comparisons = eval::Compare({&metric, 1}, truth, {outputs, champion}, {outputs, candidate}, options);
  if (comparisons.ok()) return std::move(comparisons->front());
  // such as rows that weigh nothing, all of them
  if (comparisons.error().kind() == ErrorKind::kData) return without(comparisons.error().message);
  return comparisons.error();
}

// The newest promotions before this run that were judged on rows of their own.
std::vector<const Run*> AnchorsOf(const std::vector<Run>& runs, const Run& run, std::int64_t most) {
  std::vector<const Run*> anchors;
  for (auto earlier = runs.rbegin(); earlier != runs.rend() && std::ssize(anchors) < most; ++earlier) {
    const auto same = [&](const Run* other) { return other->slice.judged == earlier->slice.judged; };
    if (earlier->id >= run.id || earlier->state != State::kPromoted || same(&run)) continue;
    if (std::ranges::none_of(anchors, same)) anchors.push_back(&*earlier);
  }
  return anchors;
}

}  // namespace

std::vector<eval::SliceRule> SliceRulesOf(const decide::GateOptions& options) {
  std::vector<eval::SliceRule> rules;
  for (const auto* texts : {&options.critical_slices, &options.slices}) {
    for (const auto& text : *texts) rules.push_back(eval::ParseSliceRule(text).value());
  }
  return rules;
}

Status CheckSlices(const decide::GateOptions& options, StateFs& files, const std::vector<data::FileRange>& judged) {
  auto rules = SliceRulesOf(options);
  if (rules.empty() || judged.empty()) return Ok();
  TRY(const auto source, data::OpenRanges(files, {judged.front()}));
  TRY(const auto frame, source->Next());
  return frame ? eval::SliceColumns(std::move(rules)).Append(*frame, {.file = judged.front().path}) : Ok();
}

Result<std::vector<SliceComparison>> CompareParts(const decide::GateOptions& options, StateFs& files,
                                                  const std::vector<Run>& runs, const Run& run, const Judged& judged,
                                                  const model::Model& champion, const model::Model& candidate,
                                                  const eval::CompareOptions& compare) {
  std::vector<SliceComparison> slices;
  std::vector<Part> parts;
  for (const auto& group : judged.groups) {
    const bool critical = group.rule < options.critical_slices.size();
    slices.push_back({.name = group.name,
                      .kind = critical ? SliceKind::kCritical : SliceKind::kWatched,
                      .tolerance = options.slice_tolerance});
    parts.push_back(TakePart(judged, group.rows));
  }
  for (const auto* anchor : AnchorsOf(runs, run, run.base ? options.anchor_windows : 0)) {
    slices.push_back({.name = fmt::format("the rows that version {} was judged on", anchor->version.value),
                      .kind = SliceKind::kAnchor,
                      .tolerance = options.forgetting_budget});
    auto scored = PredictBoth(files, anchor->slice.judged, champion, candidate, {});
    if (!scored.ok() && scored.error().kind() != ErrorKind::kData) return scored.error();
    // rows of another schema, or of classes that are gone
    parts.push_back(scored.ok() ? Part{*std::move(scored)} : Part{.why_not = scored.error().message});
  }
  const auto compare_part = [&](std::size_t part, double confidence) {
    auto at = compare;
    at.confidence = confidence;
    return Compare(options.metrics.front(), parts[part], at);
  };
  TRY_OK(decide::JudgeSlices(options.min_slice_rows, compare.confidence, compare_part, slices));
  return slices;
}

}  // namespace retrain::pipeline
