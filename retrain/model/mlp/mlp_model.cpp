#include "retrain/model/mlp/mlp_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "retrain/model/mlp/kernel_loader.h"
#include "retrain/model/mlp/network.h"

namespace retrain::model::mlp {
namespace {

constexpr std::int64_t kMostHiddenLayers = 16;
constexpr std::int64_t kMostUnits = 16'384;
constexpr std::int64_t kPredictedAtOnce = 256;  // rows

class MlpModel final : public Model {
 public:
  MlpModel(Contract contract, Network network) : contract_(std::move(contract)), network_(std::move(network)) {}

  const Contract& contract() const override { return contract_; }

  Result<Predictions> Predict(const data::Frame& rows) const override {
    EncodedRows encoded;
    TRY_OK(network_.encoder.Append(rows, encoded));
    const auto task = contract_.labels.task;
    Predictions predictions{
        .rows = rows.rows(),
        .outputs = task == data::Task::kRegression ? 1 : static_cast<std::int64_t>(contract_.labels.classes.size()),
        .values = {}};
    predictions.values.reserve(static_cast<std::size_t>(predictions.rows * predictions.outputs));
    Pass pass(BestKernels(), network_.layout, std::min(kPredictedAtOnce, rows.rows()));
    for (std::int64_t first = 0; first < rows.rows(); first += kPredictedAtOnce) {
      const auto count = std::min(kPredictedAtOnce, rows.rows() - first);
      pass.Load(encoded, nullptr, first, count);
      const float* outputs = pass.Forward(network_.weights.data());
      for (std::int64_t i = 0; i < count; ++i) {
        AppendPrediction(task, network_.encoder, outputs + i * network_.layout.output_width, predictions.outputs,
                         predictions.values);
      }
    }
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(predictions.values.size()); ++i) {
      if (std::isfinite(predictions.values[i])) continue;
      const auto row = i / predictions.outputs;
      return Error{.code = "E0308",
                   .message = fmt::format("the prediction for row {} is not a finite number", row),
                   .where = {.row = row}};
    }
    return predictions;
  }

 private:
  Contract contract_;
  Network network_;
};

}  // namespace

void AppendPrediction(data::Task task, const Encoder& encoder, const float* outputs, std::int64_t classes,
                      std::vector<double>& values) {
  if (task == data::Task::kRegression) {
    const double y = encoder.target_mean + static_cast<double>(outputs[0]) * encoder.target_scale;
    values.push_back(std::isnan(y) ? y : std::clamp(y, encoder.target_low, encoder.target_high));
    return;
  }
  if (task == data::Task::kBinary) {
    const double e = std::exp(-std::abs(static_cast<double>(outputs[0])));
    const double larger = 1 / (1 + e), smaller = e / (1 + e);
    values.push_back(outputs[0] > 0 ? smaller : larger);
    values.push_back(outputs[0] > 0 ? larger : smaller);
    return;
  }
  const double largest = *std::max_element(outputs, outputs + classes);
  double sum = 0;
  for (std::int64_t c = 0; c < classes; ++c) sum += std::exp(static_cast<double>(outputs[c]) - largest);
  for (std::int64_t c = 0; c < classes; ++c)
    values.push_back(std::exp(static_cast<double>(outputs[c]) - largest) / sum);
}

std::string FloatBytes(const Floats& floats) {
  return {reinterpret_cast<const char*>(floats.data()), floats.size() * sizeof(float)};
}

Result<Floats> LoadFloats(const Artifact& artifact, const std::string& section, std::int64_t size) {
  const auto found = artifact.sections.find(section);
  if (found == artifact.sections.end()) return Error{"E0301", fmt::format("the model has no section `{}`", section)};
  if (found->second.size() != static_cast<std::size_t>(size) * sizeof(float)) {
    return Error{"E0301", fmt::format("section `{}` has {} bytes, this network has {} numbers", section,
                                      found->second.size(), size)};
  }
  Floats floats(static_cast<std::size_t>(size));
  std::memcpy(floats.data(), found->second.data(), found->second.size());
  if (!std::all_of(floats.begin(), floats.end(), [](float x) { return std::isfinite(x); })) {
    return Error{"E0301", fmt::format("section `{}` holds a number that is not finite", section)};
  }
  return floats;
}

void SaveNetwork(const Network& network, Artifact& artifact) {
  artifact.family = kFamily;
  Json hidden = Json::MakeArray();
  for (const auto units : network.layout.shape.hidden) hidden.Append(units);
  artifact.info.Set("hidden", std::move(hidden));
  artifact.sections["encoder"] = ToBytes(network.encoder);
  artifact.sections["weights"] = FloatBytes(network.weights);
}

Result<Network> LoadNetwork(const Artifact& artifact) {
  const auto encoder_bytes = artifact.sections.find("encoder");
  if (encoder_bytes == artifact.sections.end()) return Error{"E0301", "the model has no section `encoder`"};
  TRY(Encoder encoder, EncoderFromBytes(encoder_bytes->second));
  std::vector<std::int32_t> hidden;
  for (const auto& units : artifact.info["hidden"].items()) {
    const auto count = units.AsInt();
    if (count < 1 || count > kMostUnits) return Error{"E0301", fmt::format("a hidden layer of {} units", count)};
    hidden.push_back(static_cast<std::int32_t>(count));
  }
  const auto layers = static_cast<std::int64_t>(hidden.size());
  if (layers < 1 || layers > kMostHiddenLayers)
    return Error{"E0301", fmt::format("a network of {} hidden layers", layers)};
  const auto& labels = artifact.contract.labels;
  if (labels.task == data::Task::kBinary && labels.classes.size() != 2)
    return Error{"E0301", "a binary model without two classes"};
  if (labels.task == data::Task::kMulticlass && labels.classes.size() < 2)
    return Error{"E0301", "a multiclass model without classes"};
  Layout layout(encoder.ShapeOf(std::move(hidden), labels));
  TRY(Floats weights, LoadFloats(artifact, "weights", layout.size));
  return Network{.encoder = std::move(encoder), .layout = std::move(layout), .weights = std::move(weights)};
}

Result<std::unique_ptr<Model>> LoadMlp(const Artifact& artifact) {
  TRY(Network network, LoadNetwork(artifact));
  return std::unique_ptr<Model>(std::make_unique<MlpModel>(artifact.contract, std::move(network)));
}

}  // namespace retrain::model::mlp
