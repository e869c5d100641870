#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/report/run_report.h"
#include "retrain/report/trigger_report.h"

// `retrain check`: what the triggers would do now. `retrain why`: why nothing happens, and why the last run ended as it
// did.
namespace retrain::app {
namespace {

struct Looked {
  std::unique_ptr<Engine> engine;
  pipeline::TriggerLook look;
};

Result<Looked> Look(const Command& command) {
  Looked looked;
  TRY(looked.engine, command.Open());
  TRY(const auto config, looked.engine->LoadConfig(command.config_file));
  TRY(looked.look, pipeline::LookAtTriggers(looked.engine->home(), config, looked.engine->clock().Now()));
  return looked;
}

Result<Command::Answer> Check(const Command& command) {
  TRY(const auto looked, Look(command));
  if (looked.look.blocked) return *looked.look.blocked;
  const auto& triggers = looked.look.answer.triggers;
  const bool fires =
      std::any_of(triggers.begin(), triggers.end(), [](const auto& trigger) { return trigger.decision.fired; });
  return Command::Answer{.text = report::CheckText(looked.look),
                         .json = report::ToJson(looked.look),
                         .exit_code = fires ? kCheckFired : kDone};
}

Result<Command::Answer> Why(const Command& command) {
  TRY(const auto looked, Look(command));
  auto& home = looked.engine->home();
  std::vector<std::optional<pipeline::LastLook>> last;
  for (const auto& trigger : looked.look.answer.triggers) {
    TRY(auto one, home.triggers().Last(trigger.decision.subject));
    last.push_back(std::move(one));
  }
  TRY(const auto runs, home.runs().All());
  Command::Answer answer{.text = report::WhyText(looked.look, last), .json = report::WhyJson(looked.look, last)};
  if (runs.empty()) {
    answer.text += "nothing has run yet\n";
  } else {
    answer.text += report::VerdictSentence(runs.back()) + "\n";
    answer.json.Set("last_run", report::ToJson(runs.back()));
  }
  return answer;
}

void AddLook(Verb& program, Command& command, const std::string& name, const std::string& description,
             Result<Command::Answer> (*work)(const Command&)) {
  AddVerb(program, command, name, description, [&command, work] {
    return work(command);
  }).Option("--config", command.config_file, "default: retrain.yaml, else what setup() stored");
}

}  // namespace

void AddCheck(Verb& program, Command& command) {
  AddLook(program, command, "check", "what each trigger would do now; exits with 4 when one would fire", Check);
}

void AddWhy(Verb& program, Command& command) {
  AddLook(program, command, "why",
          "what each trigger waits for and when it looks again; why the last run ended as it did", Why);
}

}  // namespace retrain::app
