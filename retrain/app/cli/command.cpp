#include "retrain/app/cli/command.h"

#include <fmt/format.h>

#include "retrain/report/run_report.h"

namespace retrain::app {

int ExitCodeOf(const Error& error) {
  if (error.kind() == ErrorKind::kConfig) return kUsageError;
  return error.code == "E0401" ? kBusy : kRuntimeError;
}

void Command::Give(const Result<Answer>& answer) {
  if (answer.ok()) {
    exit_code = answer->exit_code;
    if (json) {
      fmt::print("{}\n", answer->json.Dump(2));
    } else if (!answer->text.empty()) {
      fmt::print("{}{}", answer->text, answer->text.back() == '\n' ? "" : "\n");
    }
    return;
  }
  exit_code = ExitCodeOf(answer.error());
  if (json) {
    Json object;
    fmt::print("{}\n", object.Set("error", report::ToJson(answer.error())).Dump(2));
  } else {
    fmt::print(stderr, "{}\n", ToText(answer.error()));
  }
}

Result<std::unique_ptr<Engine>> Command::Open() const { return Engine::Open({.home = home}); }

Result<std::unique_ptr<Engine>> Command::OpenOld() const { return Engine::Open({.home = home, .must_exist = true}); }

Verb AddVerb(Verb& program, Command& command, const std::string& name, const std::string& description,
             std::function<Result<Command::Answer>()> work) {
  Verb verb = program.Sub(name, description);
  verb.Option("--home", command.home, "folder that holds the state",
              {.shows_default = true, .environment = "RETRAIN_HOME"})
      .Flag("--json", command.json, "one JSON object on standard output")
      .Flag("-q,--quiet", command.quiet, "no progress, only the answer")
      .Does([&command, work = std::move(work)] { command.Give(work()); });
  return verb;
}

}  // namespace retrain::app
