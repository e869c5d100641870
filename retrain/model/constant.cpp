#include "retrain/model/constant.h"

#include <cmath>
#include <utility>

namespace retrain::model {
namespace {

class ConstantModel final : public Model {
 public:
  ConstantModel(Contract contract, std::vector<double> scores)
      : contract_(std::move(contract)), scores_(std::move(scores)) {}

  const Contract& contract() const override { return contract_; }

  Result<Predictions> Predict(const data::Frame& rows) const override {
    Predictions predictions{.rows = rows.rows(), .outputs = static_cast<std::int64_t>(scores_.size()), .values = {}};
    predictions.values.reserve(static_cast<std::size_t>(predictions.rows) * scores_.size());
    for (std::int64_t row = 0; row < predictions.rows; ++row) {
      predictions.values.insert(predictions.values.end(), scores_.begin(), scores_.end());
    }
    return predictions;
  }

 private:
  Contract contract_;
  std::vector<double> scores_;
};

std::size_t OutputsOf(const data::Labels& labels) {
  return labels.task == data::Task::kRegression ? 1 : labels.classes.size();
}

}  // namespace

Artifact FitConstant(const Contract& contract, std::span<const double> targets, std::span<const double> weights) {
  RETRAIN_ALWAYS(!targets.empty());
  RETRAIN_ALWAYS(weights.empty() || weights.size() == targets.size());
  const bool regression = contract.labels.task == data::Task::kRegression;
  std::vector<double> sums(OutputsOf(contract.labels), 0.0);
  double total = 0;
  for (std::size_t row = 0; row < targets.size(); ++row) {
    const double weight = weights.empty() ? 1.0 : weights[row];
    total += weight;
    if (regression) {
      sums[0] += weight * targets[row];
    } else {
      sums[static_cast<std::size_t>(targets[row])] += weight;
    }
  }
  Json scores = Json::MakeArray();
  for (const double sum : sums) scores.Append(total > 0 ? sum / total : 1.0 / static_cast<double>(sums.size()));
  Json info;
  info.Set("rows", static_cast<std::int64_t>(targets.size())).Set("scores", std::move(scores));
  return Artifact{
      .family = std::string(kConstantFamily), .contract = contract, .info = std::move(info), .sections = {}};
}

Result<std::unique_ptr<Model>> LoadConstant(const Artifact& artifact) {
  std::vector<double> scores;
  for (const auto& score : artifact.info["scores"].items()) scores.push_back(score.AsDouble(NAN));
  bool whole = scores.size() == OutputsOf(artifact.contract.labels) && !scores.empty();
  for (const double score : scores) whole = whole && std::isfinite(score);
  if (!whole) return Error{"E0301", "the constant model does not hold one finite score for each of its outputs"};
  return std::unique_ptr<Model>(std::make_unique<ConstantModel>(artifact.contract, std::move(scores)));
}

}  // namespace retrain::model
