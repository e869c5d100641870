#include "retrain/serve/predictor.h"

#include <fmt/format.h>

namespace retrain::serve {

std::int64_t ClassOf(const model::Contract& contract, const model::Predictions& scores, std::int64_t row) {
  if (contract.labels.task == data::Task::kBinary) return scores.At(row, 1) >= 0.5 ? 1 : 0;
  std::int64_t best = 0;
  for (std::int64_t k = 1; k < scores.outputs; ++k) {
    if (scores.At(row, k) > scores.At(row, best)) best = k;
  }
  return best;
}

std::string LabelOf(const model::Contract& contract, const model::Predictions& scores, std::int64_t row) {
  if (contract.labels.task == data::Task::kRegression) return fmt::format("{:.9g}", scores.At(row, 0));
  return contract.labels.classes[ClassOf(contract, scores, row)];
}

}  // namespace retrain::serve
