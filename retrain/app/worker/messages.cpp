#include "retrain/app/worker/messages.h"

#include "retrain/base/error_codes.h"

namespace retrain::app {

std::string WriteProgress(const train::Progress& progress) {
  Json body;
  body.Set("epoch", progress.epoch)
      .Set("epochs", progress.epochs)
      .Set("training_loss", progress.training_loss)
      .Set("stopping_loss", progress.stopping_loss)
      .Set("rows_per_second", progress.rows_per_second);
  Json line;
  return line.Set("progress", body).Dump();
}

std::string WriteOutcome(const Result<train::TrainOutcome>& outcome) {
  Json line;
  Json body;
  if (!outcome.ok()) {
    const Error& error = outcome.error();
    body.Set("code", error.code).Set("message", error.message).Set("hint", error.hint);
    body.Set("file", error.where.file).Set("key", error.where.key).Set("row", error.where.row);
    return line.Set("error", body).Dump();
  }
  body.Set("epochs", outcome->epochs)
      .Set("best_epoch", outcome->best_epoch)
      .Set("best_loss", outcome->best_loss)
      .Set("rows", outcome->rows);
  return line.Set("outcome", body).Dump();
}

std::optional<Message> ReadMessage(std::string_view line) {
  if (!line.starts_with("{\"")) return {};
  const auto json = ParseJson(line, "a line of the training process");
  if (!json.ok()) return {};
  Message message;
  if (const Json& body = (*json)["progress"]; body.is_object()) {
    message.progress = train::Progress{.epoch = static_cast<int>(body["epoch"].AsInt()),
                                       .epochs = static_cast<int>(body["epochs"].AsInt()),
                                       .training_loss = body["training_loss"].AsDouble(),
                                       .stopping_loss = body["stopping_loss"].AsDouble(),
                                       .rows_per_second = body["rows_per_second"].AsDouble()};
    return message;
  }
  if (const Json& body = (*json)["outcome"]; body.is_object()) {
    message.outcome = train::TrainOutcome{.artifact = {},
                                          .epochs = static_cast<int>(body["epochs"].AsInt()),
                                          .best_epoch = static_cast<int>(body["best_epoch"].AsInt()),
                                          .best_loss = body["best_loss"].AsDouble(),
                                          .rows = body["rows"].AsInt()};
    return message;
  }
  if (const Json& body = (*json)["error"]; body.is_object()) {
    const auto* known = FindErrorCode(body["code"].AsString());
    message.outcome =
        Error{.code = known != nullptr ? known->code : "E0303",
              .message = body["message"].AsString(),
              .where = {.file = body["file"].AsString(), .key = body["key"].AsString(), .row = body["row"].AsInt(-1)},
              .hint = body["hint"].AsString()};
    return message;
  }
  return {};
}

}  // namespace retrain::app
