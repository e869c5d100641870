#include <cstdlib>

#include "retrain/base/error_codes.h"
#include "retrain/pipeline/run.h"

// A run as the JSON of its row. Everything that the run needs to go on after a crash is in here.
namespace retrain::pipeline {
namespace {

Json ToJson(const std::vector<data::FileRange>& ranges) {
  Json json = Json::MakeArray();
  for (const auto& range : ranges) {
    json.Append(Json::Array{range.path, range.begin, range.end});
  }
  return json;
}

std::vector<data::FileRange> RangesFromJson(const Json& json) {
  std::vector<data::FileRange> ranges;
  for (const auto& item : json.items()) {
    ranges.push_back({item.items()[0].AsString(), item.items()[1].AsInt(), item.items()[2].AsInt()});
  }
  return ranges;
}

Json ToJson(const std::vector<std::string>& texts) {
  Json json = Json::MakeArray();
  for (const auto& text : texts) json.Append(text);
  return json;
}

std::vector<std::string> TextsFromJson(const Json& json) {
  std::vector<std::string> texts;
  for (const auto& item : json.items()) texts.push_back(item.AsString());
  return texts;
}

Json ToJson(const Slice& slice) {
  Json chunks = Json::MakeArray();
  for (const auto& chunk : slice.chunks) chunks.Append(chunk.value);
  Json json;
  json.Set("chunks", chunks)
      .Set("watermark", slice.watermark.value)
      .Set("rows", slice.rows)
      .Set("validation", ToJson(slice.validation))
      .Set("training", ToJson(slice.training))
      .Set("stopping", ToJson(slice.stopping))
      .Set("judged", ToJson(slice.judged));
  return json;
}

Slice SliceFromJson(const Json& json) {
  Slice slice;
  for (const auto& chunk : json["chunks"].items()) slice.chunks.push_back(ChunkId{chunk.AsInt()});
  slice.watermark = ChunkId{json["watermark"].AsInt()};
  slice.rows = json["rows"].AsInt();
  slice.validation = TextsFromJson(json["validation"]);
  slice.training = RangesFromJson(json["training"]);
  slice.stopping = RangesFromJson(json["stopping"]);
  slice.judged = RangesFromJson(json["judged"]);
  return slice;
}

Json StagesToJson(const std::vector<StageRecord>& stages) {
  Json json = Json::MakeArray();
  for (const auto& stage : stages) {
    Json item;
    item.Set("name", stage.name).Set("state", stage.outcome).Set("found", stage.found).Set("seconds", stage.seconds);
    json.Append(item);
  }
  return json;
}

}  // namespace

Json StoredError(const Error& error) {
  Json json;
  json.Set("code", error.code).Set("message", error.message);
  json.Set("file", error.where.file).Set("line", error.where.line).Set("column", error.where.column);
  json.Set("key", error.where.key).Set("row", error.where.row);
  json.Set("hint", error.hint).Set("kept", error.kept);
  Json more = Json::MakeArray();
  for (const auto& next : error.more) more.Append(StoredError(next));
  return json.Set("more", more);
}

Error ErrorFromStored(const Json& json) {
  const auto* row = FindErrorCode(json["code"].AsString());
  Error error{.code = row != nullptr ? row->code : "E0502", .message = json["message"].AsString()};
  error.where = {.file = json["file"].AsString(),
                 .line = static_cast<int>(json["line"].AsInt()),
                 .column = static_cast<int>(json["column"].AsInt()),
                 .key = json["key"].AsString(),
                 .row = json["row"].AsInt(-1)};
  error.hint = json["hint"].AsString();
  error.kept = json["kept"].AsString();
  for (const auto& next : json["more"].items()) error.more.push_back(ErrorFromStored(next));
  return error;
}

Json ToJson(const Run& run) {
  Json comparisons = Json::MakeArray();
  for (const auto& comparison : run.comparisons) comparisons.Append(eval::ToJson(comparison));
  Json slices = Json::MakeArray();
  for (const auto& slice : run.slices) slices.Append(decide::ToJson(slice));
  Json json;
  json.Set("id", run.id.value)
      .Set("state", Name(run.state))
      .Set("attempt", run.attempt)
      .Set("trigger", run.trigger)
      .Set("asked_reason", run.asked_reason)
      .Set("strategy", train::Name(run.strategy))
      .Set("strategy_reason", run.strategy_reason)
      .Set("config", run.config)
      .Set("seed", std::to_string(run.seed))
      .Set("base", run.base.value)
      .Set("champion_epoch", run.champion_epoch)
      .Set("slice", ToJson(run.slice))
      .Set("contract", run.contract ? model::ToJson(*run.contract) : Json())
      .Set("artifact", run.artifact)
      .Set("training", run.training)
      .Set("version", run.version.value)
      .Set("comparisons", comparisons)
      .Set("slices", slices)
      .Set("verdict", run.verdict ? Json(decide::Name(*run.verdict)) : Json())
      .Set("reason", run.reason)
      .Set("error", run.error ? StoredError(*run.error) : Json())
      .Set("stages", StagesToJson(run.stages))
      .Set("notes", ToJson(run.notes))
      .Set("created_at_ms", std::int64_t{run.created_at.time_since_epoch().count()})
      .Set("ended_at_ms", run.ended_at ? Json(std::int64_t{run.ended_at->time_since_epoch().count()}) : Json());
  return json;
}

Result<Run> RunFromJson(const Json& json) {
  Run run;
  run.id = RunId{json["id"].AsInt()};
  TRY(run.state, StateFromName(json["state"].AsString()));
  run.attempt = json["attempt"].AsInt(1);
  run.trigger = json["trigger"].AsString();
  run.asked_reason = json["asked_reason"].AsString();
  TRY(run.strategy, train::StrategyFromName(json["strategy"].AsString()));
  run.strategy_reason = json["strategy_reason"].AsString();
  run.config = json["config"].AsString();
  run.seed = std::strtoull(json["seed"].AsString().c_str(), nullptr, 10);
  run.base = VersionId{json["base"].AsInt()};
  run.champion_epoch = json["champion_epoch"].AsInt();
  run.slice = SliceFromJson(json["slice"]);
  if (!json["contract"].is_null()) {
    TRY(run.contract, model::ContractFromJson(json["contract"]));
  }
  run.artifact = json["artifact"].AsString();
  run.training = json["training"];
  run.version = VersionId{json["version"].AsInt()};
  for (const auto& item : json["comparisons"].items()) {
    TRY(auto comparison, eval::ComparisonFromJson(item));
    run.comparisons.push_back(std::move(comparison));
  }
  for (const auto& item : json["slices"].items()) {
    TRY(auto slice, decide::SliceFromJson(item));
    run.slices.push_back(std::move(slice));
  }
  if (!json["verdict"].is_null()) {
    TRY(run.verdict, decide::VerdictFromName(json["verdict"].AsString()));
  }
  run.reason = json["reason"].AsString();
  if (!json["error"].is_null()) run.error = ErrorFromStored(json["error"]);
  for (const auto& item : json["stages"].items()) {
    run.stages.push_back(
        {item["name"].AsString(), item["state"].AsString(), item["found"].AsString(), item["seconds"].AsDouble()});
  }
  run.notes = TextsFromJson(json["notes"]);
  run.created_at = Instant(std::chrono::milliseconds(json["created_at_ms"].AsInt()));
  if (!json["ended_at_ms"].is_null()) run.ended_at = Instant(std::chrono::milliseconds(json["ended_at_ms"].AsInt()));
  return run;
}

}  // namespace retrain::pipeline
