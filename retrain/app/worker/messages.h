#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "retrain/base/result.h"
#include "retrain/train/trainer.h"

// The lines that a training process writes to its standard output: JSON objects, one a line.
namespace retrain::app {

struct Message {
  std::optional<train::Progress> progress;
  std::optional<Result<train::TrainOutcome>> outcome;  // without the artifact's bytes, which are in a file
};

std::string WriteProgress(const train::Progress& progress);
std::string WriteOutcome(const Result<train::TrainOutcome>& outcome);

// Empty: the line is none of ours.
std::optional<Message> ReadMessage(std::string_view line);

}  // namespace retrain::app
