#include <csignal>

#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/pipeline/reproduce.h"

// `retrain reproduce VERSION`: whether its training, done again, gives the same bytes.
namespace retrain::app {
namespace {

volatile std::sig_atomic_t stop_asked = 0;
void AskToStop(int) { stop_asked = 1; }

Result<Command::Answer> Reproduce(const Command& command, std::int64_t id) {
  std::signal(SIGINT, AskToStop);
  TRY(auto engine, command.OpenOld());
  TRY_OK(engine->Lock("retrain reproduce"));
  const auto on_progress = [&](const train::Progress& progress) {
    if (!command.quiet && !command.json)
      fmt::print(stderr, "epoch {} of at most {}: loss {:.4f}\n", progress.epoch, progress.epochs,
                 progress.stopping_loss);
    return stop_asked == 0;
  };
  TRY(const auto again, pipeline::Reproduce(engine->home(), engine->trainer(), VersionId{id}, on_progress));
  Json json;
  json.Set("version", id).Set("same", again.same()).Set("expected", again.expected).Set("digest", again.digest);
  Command::Answer answer{.json = json};
  answer.text = again.same() ? fmt::format("version {} is reproduced: {}", id, again.digest)
                             : fmt::format(
                                   "version {} is not reproduced: it is {}, and its training gives {} now; another "
                                   "program or library version may have trained it",
                                   id, again.expected, again.digest);
  if (!again.same()) answer.exit_code = kRuntimeError;
  return answer;
}

}  // namespace

void AddReproduce(Verb& program, Command& command) {
  auto version = std::make_shared<std::int64_t>(0);
  AddVerb(program, command, "reproduce", "train a version again from what is kept, and compare the bytes",
          [&command, version] { return Reproduce(command, *version); })
      .Option("version", *version, "id", {.required = true});
}

}  // namespace retrain::app
