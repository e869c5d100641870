#include <fmt/format.h>

#include "retrain/app/check_triggers.h"
#include "retrain/app/cli/command.h"
#include "retrain/report/run_report.h"

// `retrain why`: what would have to happen for a run, and why the last one ended as it did.
namespace retrain::app {
namespace {

Result<Command::Answer> Why(const Command& command) {
  TRY(auto engine, command.Open());
  TRY(const auto config, engine->LoadConfig(command.config_file));
  TRY(const auto arrived, LookAtData(*engine, config));
  TRY(const auto runs, engine->home().runs().All());
  Command::Answer answer{
      .text = fmt::format("{:<26} {:>12} {:>12}  {}\n", "trigger or check", "value", "threshold", "state")};
  Json list = Json::MakeArray();
  for (const auto& check : CheckTriggers(config, arrived)) {
    const auto& decision = check.decision;
    answer.text +=
        fmt::format("{:<26} {:>12} {:>12}  {}\n", decision.subject, check.value, check.threshold, decision.reason);
    Json item = decide::ToJson(decision);
    list.Append(item.Set("value", check.value).Set("threshold", check.threshold));
  }
  for (const auto& file : arrived.unready) answer.text += fmt::format("left for later: {}\n", file);
  answer.json.Set("triggers", list).Set("pending_rows", arrived.pending).Set("unseen_rows", arrived.unseen);
  if (runs.empty()) {
    answer.text += "nothing has run yet\n";
  } else {
    answer.text += report::VerdictSentence(runs.back()) + "\n";
    answer.json.Set("last_run", report::ToJson(runs.back()));
  }
  return answer;
}

}  // namespace

void AddWhy(Verb& program, Command& command) {
  AddVerb(program, command, "why",
          "each trigger and check with its value and threshold; why the last run ended as it did",
          [&command] { return Why(command); })
      .Option("--config", command.config_file, "default: retrain.yaml, else what setup() stored");
}

}  // namespace retrain::app
