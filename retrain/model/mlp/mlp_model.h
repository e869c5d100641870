#pragma once

#include <memory>

#include "retrain/model/artifact.h"
#include "retrain/model/mlp/encoder.h"
#include "retrain/model/mlp/floats.h"
#include "retrain/model/mlp/layout.h"

namespace retrain::model::mlp {

inline constexpr std::string_view kFamily = "mlp";

// A network as an artifact holds it: section `encoder`, section `weights` (floats laid out as layout.h says), and in
// the header's info `hidden`, the units of each hidden layer. What training needs besides stands in sections of its
// own.
struct Network {
  Encoder encoder;
  Layout layout;
  Floats weights;
};

void SaveNetwork(const Network& network, Artifact& artifact);
Result<Network> LoadNetwork(const Artifact& artifact);  // E0301

// `layout.size` finite floats of a section. E0301 otherwise.
Result<Floats> LoadFloats(const Artifact& artifact, const std::string& section, std::int64_t size);
std::string FloatBytes(const Floats& floats);

// E0301 when the artifact is not a whole network.
Result<std::unique_ptr<Model>> LoadMlp(const Artifact& artifact);

// One row of outputs as predictions: two shares, a share a class, or the value (double arithmetic).
void AppendPrediction(data::Task task, const Encoder& encoder, const float* outputs, std::int64_t classes,
                      std::vector<double>& values);

}  // namespace retrain::model::mlp
