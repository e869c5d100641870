#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/app/cli/progress.h"
#include "retrain/pipeline/reproduce.h"

// `retrain reproduce VERSION`: whether its training, done again, gives the same bytes.
namespace retrain::app {
namespace {

Result<Command::Answer> Reproduce(const Command& command, std::int64_t id) {
  TRY(auto engine, command.OpenOld());
  TRY_OK(engine->Lock("retrain reproduce"));
  const auto observer = MakeForTerminal(!command.quiet && !command.json, engine->clock());
  pipeline::Run shown;
  observer->OnStage(shown, pipeline::State::kTrained);
  const auto on_progress = [&](const train::Progress& progress) { return observer->OnProgress(progress); };
  TRY(const auto again, pipeline::Reproduce(engine->home(), engine->trainer(), VersionId{id}, on_progress));
  shown.stages.push_back({.name = std::string(pipeline::Row(pipeline::State::kTrained).stage),
                          .outcome = again.same() ? "done" : "failed",
                          .found = fmt::format("artifact {}", again.digest.substr(0, 12))});
  observer->OnStageEnd(shown);
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
