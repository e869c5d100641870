#include "retrain/train/mlp/checkpoint.h"

#include "retrain/base/bytes.h"
#include "retrain/model/artifact.h"

namespace retrain::train::mlp {
namespace {

constexpr std::string_view kFamily = "mlp-checkpoint";

Json Losses(const std::vector<double>& losses) {
  Json json = Json::MakeArray();
  for (const double loss : losses) json.Append(loss);
  return json;
}

std::vector<double> LossesFrom(const Json& json) {
  std::vector<double> losses;
  for (const auto& loss : json.items()) losses.push_back(loss.AsDouble());
  return losses;
}

void Save(const std::string& name, const Parameters& parameters, model::Artifact& artifact) {
  artifact.info.Set(name + "_steps", parameters.steps);
  artifact.sections[name + "_weights"] = model::mlp::FloatBytes(parameters.weights);
  artifact.sections[name + "_mean"] = model::mlp::FloatBytes(parameters.mean);
  artifact.sections[name + "_square"] = model::mlp::FloatBytes(parameters.square);
}

Result<Parameters> Load(const std::string& name, const model::Artifact& artifact, std::int64_t size) {
  Parameters parameters;
  parameters.steps = artifact.info[name + "_steps"].AsInt();
  TRY(parameters.weights, model::mlp::LoadFloats(artifact, name + "_weights", size));
  TRY(parameters.mean, model::mlp::LoadFloats(artifact, name + "_mean", size));
  TRY(parameters.square, model::mlp::LoadFloats(artifact, name + "_square", size));
  return parameters;
}

Result<Standing> Decode(std::string_view bytes, const std::string& path, const std::string& job_digest,
                        std::int64_t parameters) {
  TRY(const auto artifact, model::Decode(bytes, path));
  if (artifact.family != kFamily || artifact.info["job"].AsString() != job_digest)
    return Error{"E0301", "the checkpoint of another job"};
  Standing standing;
  TRY(standing.now, Load("now", artifact, parameters));
  TRY(standing.best, Load("best", artifact, parameters));
  const auto least = artifact.sections.find("least_losses");
  if (least == artifact.sections.end()) return Error{"E0301", "a checkpoint without losses"};
  standing.least_losses = ByteReader(least->second).Array<double>();
  standing.epoch = static_cast<int>(artifact.info["epoch"].AsInt());
  standing.best_epoch = static_cast<int>(artifact.info["best_epoch"].AsInt());
  standing.best_loss = artifact.info["best_loss"].AsDouble();
  standing.training_losses = LossesFrom(artifact.info["training_losses"]);
  standing.stopping_losses = LossesFrom(artifact.info["stopping_losses"]);
  return standing;
}

}  // namespace

Status WriteCheckpoint(StateFs& files, const std::string& path, const std::string& job_digest,
                       const Standing& standing) {
  model::Artifact artifact;
  artifact.family = kFamily;
  artifact.info.Set("job", job_digest).Set("epoch", standing.epoch);
  artifact.info.Set("best_epoch", standing.best_epoch).Set("best_loss", standing.best_loss);
  artifact.info.Set("training_losses", Losses(standing.training_losses))
      .Set("stopping_losses", Losses(standing.stopping_losses));
  ByteWriter least;
  least.Array(standing.least_losses);
  artifact.sections["least_losses"] = least.Take();
  Save("now", standing.now, artifact);
  Save("best", standing.best, artifact);
  return WriteFileDurably(files, path, model::Encode(artifact));
}

std::optional<Standing> ReadCheckpoint(StateFs& files, const std::string& path, const std::string& job_digest,
                                       std::int64_t parameters) {
  if (!files.Exists(path)) return std::nullopt;
  const auto bytes = ReadFile(files, path);
  if (!bytes.ok()) return std::nullopt;
  auto standing = Decode(*bytes, path, job_digest, parameters);
  if (!standing.ok()) return std::nullopt;
  return std::move(standing).value();
}

}  // namespace retrain::train::mlp
