#include "retrain/model/forest/forest_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace retrain::model::forest {
namespace {

class ForestModel final : public Model {
 public:
  ForestModel(Contract contract, GrownForest grown) : contract_(std::move(contract)), grown_(std::move(grown)) {}

  const Contract& contract() const override { return contract_; }

  Result<Predictions> Predict(const data::Frame& rows) const override {
    const auto& [encoder, forest] = grown_;
    std::vector<double> plain;
    TRY_OK(AppendRows(encoder, forest.single_precision, rows, plain));
    const auto outputs = forest.base.size();
    std::vector<double> scores;
    for (std::int64_t row = 0; row < rows.rows(); ++row)
      scores.insert(scores.end(), forest.base.begin(), forest.base.end());
    AddScores(forest, plain, scores);
    ApplyLink(forest, scores);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      if (std::isfinite(scores[i])) continue;
      const auto row = static_cast<std::int64_t>(i / outputs);
      return Error{.code = "E0308",
                   .message = fmt::format("the prediction for row {} is not a finite number", row),
                   .where = {.row = row}};
    }
    if (contract_.labels.task == data::Task::kBinary) return BothClasses(scores);
    return Predictions{.rows = rows.rows(), .outputs = static_cast<std::int64_t>(outputs), .values = std::move(scores)};
  }

 private:
  static Predictions BothClasses(const std::vector<double>& positive) {
    Predictions both{.rows = static_cast<std::int64_t>(positive.size()), .outputs = 2, .values = {}};
    both.values.reserve(positive.size() * 2);
    for (const double p : positive) {
      both.values.push_back(1 - p);
      both.values.push_back(p);
    }
    return both;
  }

  Contract contract_;
  GrownForest grown_;
};

// What a forest adds up for these labels.
bool Fits(const Forest& forest, const data::Labels& labels) {
  switch (labels.task) {
    case data::Task::kBinary:
      return forest.link == Link::kSigmoid && forest.base.size() == 1 && labels.classes.size() == 2;
    case data::Task::kMulticlass: return forest.link == Link::kSoftmax && forest.base.size() == labels.classes.size();
    case data::Task::kRegression: return forest.link == Link::kIdentity && forest.base.size() == 1;
  }
  return false;
}

}  // namespace

bool IsForest(std::string_view family) { return family == kLightgbm || family == kXgboost; }

std::uint32_t Width(const mlp::Encoder& encoder) {
  return static_cast<std::uint32_t>(encoder.numbers.size() + encoder.categories.size());
}

Status AppendRows(const mlp::Encoder& encoder, bool single_precision, const data::Frame& rows,
                  std::vector<double>& into) {
  const auto first = static_cast<std::ptrdiff_t>(into.size());
  TRY_OK(encoder.AppendPlain(rows, into));
  if (!single_precision) return Ok();
  constexpr double kMost = std::numeric_limits<float>::max();  // a library that reads floats refuses infinity
  for (auto x = into.begin() + first; x != into.end(); ++x) {
    if (!std::isnan(*x)) *x = static_cast<float>(std::clamp(*x, -kMost, kMost));
  }
  return Ok();
}

void SaveForest(const GrownForest& grown, Artifact& artifact) {
  artifact.sections["encoder"] = mlp::ToBytes(grown.encoder);
  artifact.sections["forest"] = ToBytes(grown.forest);
}

Result<GrownForest> LoadForest(const Artifact& artifact) {
  GrownForest grown;
  for (const auto* name : {"encoder", "forest"}) {
    if (!artifact.sections.contains(name)) return Error{"E0301", fmt::format("the model has no section `{}`", name)};
  }
  TRY(grown.encoder, mlp::EncoderFromBytes(artifact.sections.at("encoder")));
  TRY(grown.forest, ForestFromBytes(artifact.sections.at("forest")));
  if (grown.forest.features != Width(grown.encoder) || !Fits(grown.forest, artifact.contract.labels))
    return Error{"E0301", "the trees of the model do not fit its features and classes"};
  return grown;
}

Result<std::unique_ptr<Model>> LoadForestModel(const Artifact& artifact) {
  TRY(GrownForest grown, LoadForest(artifact));
  return std::unique_ptr<Model>(std::make_unique<ForestModel>(artifact.contract, std::move(grown)));
}

}  // namespace retrain::model::forest
