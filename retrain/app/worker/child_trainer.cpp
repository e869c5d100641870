#include "retrain/app/worker/child_trainer.h"

#include <csignal>
#include <cstring>

#include <fmt/format.h>

#include "retrain/app/worker/messages.h"

namespace retrain::app {
namespace {

Error Died(const ChildExit& exit) {
  const std::string words = exit.last_words.empty() ? "" : fmt::format("; its last words: {}", exit.last_words);
  if (exit.signal != 0) {
    return Error{
        .code = "E0305",
        .message =
            fmt::format("the training process ended by signal {} ({}){}", exit.signal, strsignal(exit.signal), words),
        .hint = exit.signal == SIGKILL
                    ? "if the machine ran out of memory, lower training_config.replay_rows or the rows of a run"
                    : "run again with the same command; the data are kept"};
  }
  return Error{.code = "E0303",
               .message = fmt::format("the training process ended with code {} and no result{}", exit.code, words),
               .hint = "run `retrain doctor`"};
}

}  // namespace

Result<train::TrainOutcome> ChildTrainer::Train(const train::TrainJob& job, const train::OnProgress& on_progress) {
  const std::string job_file = job.checkpoint + ".job";
  const std::string artifact_file = job.checkpoint + ".artifact";
  TRY_OK(WriteFileDurably(files_, job_file, train::ToJson(job).Dump()));
  std::optional<Result<train::TrainOutcome>> outcome;
  bool stopped = false;
  auto exit = processes_.Run({"worker", job_file, artifact_file}, [&](std::string_view line) {
    const auto message = ReadMessage(line);
    if (!message) return true;  // a library's own chatter
    if (message->progress) return on_progress(*message->progress) || !(stopped = true);
    outcome = message->outcome;
    return true;
  });
  if (exit.ok() && outcome && outcome->ok()) {
    TRY(outcome->value().artifact, ReadFile(files_, artifact_file));
  }
  TRY_OK(files_.Unlink(job_file));
  TRY_OK(files_.Unlink(artifact_file));
  TRY(const auto ended, exit);
  if (stopped)
    return Error{.code = "E0403", .message = "stopped on request", .hint = "the same command goes on where it was"};
  if (!outcome) return Died(ended);
  return *std::move(outcome);
}

}  // namespace retrain::app
