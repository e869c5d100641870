#include <fmt/format.h>

#include "retrain/base/text.h"
#include "retrain/model/forest/forest_model.h"
#include "retrain/train/trainer.h"

namespace retrain::train {
namespace {

const std::vector<std::string> kStrategies = {"full", "incremental", "transfer"};  // in the order of the enum

Json ToJson(const std::vector<FileRange>& ranges) {
  Json json = Json::MakeArray();
  for (const auto& range : ranges) {
    Json entry;
    entry.Set("path", range.path).Set("begin", range.begin).Set("end", range.end);
    json.Append(std::move(entry));
  }
  return json;
}

std::vector<FileRange> RangesFromJson(const Json& json) {
  std::vector<FileRange> ranges;
  for (const auto& entry : json.items()) {
    ranges.push_back(
        {.path = entry["path"].AsString(), .begin = entry["begin"].AsInt(), .end = entry["end"].AsInt(-1)});
  }
  return ranges;
}

}  // namespace

std::string_view Name(Strategy strategy) { return kStrategies[static_cast<std::size_t>(strategy)]; }

Result<Strategy> StrategyFromName(std::string_view name) {
  for (std::size_t i = 0; i < kStrategies.size(); ++i) {
    if (kStrategies[i] == name) return static_cast<Strategy>(i);
  }
  const auto near = NearName(name, kStrategies);
  return Error{.code = "E0102",
               .message = fmt::format("`{}` is no strategy; there are {}", name, ListNames(kStrategies)),
               .where = {.key = "strategy"},
               .hint = near.empty() ? "" : fmt::format("write `{}`", near)};
}

TrainOptions DefaultsFor(std::string_view model) {
  TrainOptions options{.model = std::string(model)};
  if (!model::forest::IsForest(model)) return options;
  options.epochs = 200;
  options.learning_rate = 0.1;
  options.patience = 30;
  return options;
}

Json ToJson(const TrainOptions& options) {
  Json hidden = Json::MakeArray();
  for (const int units : options.hidden) hidden.Append(units);
  Json json;
  json.Set("model", options.model).Set("epochs", options.epochs).Set("learning_rate", options.learning_rate);
  json.Set("early_stopping", options.early_stopping)
      .Set("patience", options.patience)
      .Set("batch_size", options.batch_size);
  json.Set("hidden", std::move(hidden))
      .Set("one_hot_levels", options.one_hot_levels)
      .Set("leaves", options.leaves)
      .Set("dropout", options.dropout)
      .Set("weight_decay", options.weight_decay);
  json.Set("replay_fraction", options.replay_fraction).Set("replay_rows", options.replay_rows);
  if (options.time_budget) json.Set("time_budget", static_cast<std::int64_t>(options.time_budget->count()));
  json.Set("seed", options.seed).Set("threads", options.threads);
  return json;
}

Result<TrainOptions> TrainOptionsFromJson(const Json& json) {
  TrainOptions options;
  options.model = json["model"].AsString(options.model);
  options.epochs = static_cast<int>(json["epochs"].AsInt(options.epochs));
  if (json.Has("learning_rate")) options.learning_rate = json["learning_rate"].AsDouble();
  options.early_stopping = json["early_stopping"].AsBool(options.early_stopping);
  options.patience = static_cast<int>(json["patience"].AsInt(options.patience));
  options.batch_size = static_cast<int>(json["batch_size"].AsInt(options.batch_size));
  if (json.Has("hidden")) {
    options.hidden.clear();
    for (const auto& units : json["hidden"].items()) options.hidden.push_back(static_cast<int>(units.AsInt()));
  }
  options.one_hot_levels = static_cast<int>(json["one_hot_levels"].AsInt(options.one_hot_levels));
  options.leaves = static_cast<int>(json["leaves"].AsInt(options.leaves));
  if (json.Has("dropout")) options.dropout = json["dropout"].AsDouble();
  if (json.Has("weight_decay")) options.weight_decay = json["weight_decay"].AsDouble();
  if (json.Has("replay_fraction")) options.replay_fraction = json["replay_fraction"].AsDouble();
  options.replay_rows = json["replay_rows"].AsInt(options.replay_rows);
  if (json.Has("time_budget")) options.time_budget = std::chrono::seconds(json["time_budget"].AsInt());
  options.seed = static_cast<std::uint64_t>(json["seed"].AsInt(static_cast<std::int64_t>(options.seed)));
  options.threads = static_cast<int>(json["threads"].AsInt(options.threads));
  return options;
}

Json ToJson(const TrainJob& job) {
  Json json;
  json.Set("strategy", Name(job.strategy))
      .Set("options", ToJson(job.options))
      .Set("contract", model::ToJson(job.contract));
  json.Set("training", ToJson(job.training)).Set("stopping", ToJson(job.stopping));
  json.Set("base_artifact", job.base_artifact).Set("checkpoint", job.checkpoint);
  return json;
}

Result<TrainJob> TrainJobFromJson(const Json& json) {
  TrainJob job;
  TRY(job.strategy, StrategyFromName(json["strategy"].AsString()));
  TRY(job.options, TrainOptionsFromJson(json["options"]));
  TRY(job.contract, model::ContractFromJson(json["contract"]));
  job.training = RangesFromJson(json["training"]);
  job.stopping = RangesFromJson(json["stopping"]);
  job.base_artifact = json["base_artifact"].AsString();
  job.checkpoint = json["checkpoint"].AsString();
  return job;
}

}  // namespace retrain::train
