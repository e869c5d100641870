#include <fmt/format.h>

#include "retrain/model/artifact.h"
#include "retrain/model/constant.h"
#include "retrain/model/forest/forest_model.h"
#include "retrain/model/mlp/mlp_model.h"

namespace retrain::model {

Result<std::unique_ptr<Model>> LoadModel(const Artifact& artifact) {
  if (artifact.family == kConstantFamily) return LoadConstant(artifact);
  if (artifact.family == mlp::kFamily) return mlp::LoadMlp(artifact);
  if (forest::IsForest(artifact.family)) return forest::LoadForestModel(artifact);
  return Error{"E0302", fmt::format("a model of the family `{}`, which this program does not know", artifact.family)};
}

}  // namespace retrain::model
