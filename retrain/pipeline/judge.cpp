#include "retrain/pipeline/judge.h"

#include <algorithm>

#include <fmt/format.h>

#include "retrain/data/files.h"
#include "retrain/data/labels.h"

namespace retrain::pipeline {
namespace {

// For each class of the candidate the champion's output that stands for it, or -1.
std::vector<std::int64_t> ClassMap(const data::Labels& from, const data::Labels& to) {
  std::vector<std::int64_t> map;
  for (const auto& name : to.classes) {
    const auto found = std::find(from.classes.begin(), from.classes.end(), name);
    map.push_back(found == from.classes.end() ? -1 : found - from.classes.begin());
  }
  if (map.empty()) map.push_back(0);  // regression: one output
  return map;
}

void Append(const model::Predictions& scores, const std::vector<std::int64_t>& map, std::vector<double>& out) {
  for (std::int64_t row = 0; row < scores.rows; ++row) {
    for (const auto output : map) out.push_back(output < 0 ? 0.0 : scores.At(row, output));
  }
}

Status AppendTruth(const data::Frame& frame, const model::Contract& contract, const Place& where, eval::Truth& truth) {
  const auto* target = frame.Find(contract.roles.target);
  if (target == nullptr) {
    return Error{.code = "E0203",
                 .message = fmt::format("validation data have no column `{}`, the target", contract.roles.target),
                 .where = where};
  }
  TRY(const auto values, data::CodeLabels(*target, contract.labels, where));
  truth.values.insert(truth.values.end(), values.begin(), values.end());
  if (contract.roles.weight.empty()) return Ok();
  const auto* weights = frame.Find(contract.roles.weight);
  if (weights == nullptr) {
    return Error{.code = "E0203",
                 .message = fmt::format("validation data have no column `{}`, the weight", contract.roles.weight),
                 .where = where};
  }
  truth.weights.insert(truth.weights.end(), weights->numbers.begin(), weights->numbers.end());
  return Ok();
}

}  // namespace

Result<Judged> PredictBoth(StateFs& files, const std::vector<data::FileRange>& rows, const model::Model& champion,
                           const model::Model& candidate, const std::vector<eval::SliceRule>& rules) {
  const auto& contract = candidate.contract();
  if (champion.contract().labels.task != contract.labels.task) {
    return Error{.code = "E0307",
                 .message = fmt::format("the champion is a {} model and the candidate a {} one",
                                        data::Name(champion.contract().labels.task), data::Name(contract.labels.task)),
                 .hint = "keep the task, or start a new home for the new one"};
  }
  const auto own = ClassMap(contract.labels, contract.labels);
  const auto mapped = ClassMap(champion.contract().labels, contract.labels);
  Judged judged{.outputs = static_cast<std::int64_t>(own.size())};
  judged.truth.labels = contract.labels;
  eval::SliceColumns slices(rules);
  for (const auto& range : rows) {
    TRY(const auto source, data::OpenRanges(files, {range}));
    std::int64_t at = range.begin;
    while (true) {
      TRY(const auto frame, source->Next());
      if (!frame) break;
      TRY_OK(
          AppendTruth(*frame, contract, {.file = range.path, .key = contract.roles.target, .row = at}, judged.truth));
      TRY_OK(slices.Append(*frame, {.file = range.path}));
      TRY(const auto old_scores, champion.Predict(*frame));
      TRY(const auto new_scores, candidate.Predict(*frame));
      Append(old_scores, mapped, judged.champion);
      Append(new_scores, own, judged.candidate);
      judged.rows += frame->rows();
      at += frame->rows();
    }
  }
  judged.groups = slices.Cut();
  return judged;
}

}  // namespace retrain::pipeline
