#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/app/cli/progress.h"
#include "retrain/app/daemon/client.h"
#include "retrain/app/daemon/roster.h"
#include "retrain/app/notify/deliver.h"
#include "retrain/base/text.h"
#include "retrain/report/run_report.h"

namespace retrain::app {
namespace {

struct RunOptions {
  std::string strategy;
  std::string trigger = "manual";
  std::string reason = "manual";
};

int ExitCodeOf(const pipeline::Run& run) {
  switch (run.state) {
    case pipeline::State::kKept:
    case pipeline::State::kSuperseded: return kNotPromoted;
    case pipeline::State::kFailed:
      return run.error && run.error->kind() == ErrorKind::kConfig ? kUsageError : kRuntimeError;
    default: return kDone;
  }
}

std::string TextOf(const pipeline::Run& run) {
  std::string text = report::VerdictSentence(run) + "\n";
  if (run.error) text += ToText(*run.error) + "\n";
  return text + fmt::format("next: retrain explain {}\n", run.id.value);
}

// A name of the config, or a type: whoever calls may speak for a trigger that the config leaves to them.
Status CheckTrigger(const pipeline::Config& config, const std::string& name) {
  std::vector<std::string> known = decide::NameTriggers(config.triggers);
  for (const char* type : {"manual", "scheduled", "drift_detected", "performance_drop", "new_data", "max_model_age"})
    known.emplace_back(type);
  if (std::find(known.begin(), known.end(), name) != known.end()) return Ok();
  const auto near = NearName(name, known);
  return Error{.code = "E0107",
               .message = fmt::format("there is no trigger `{}`", name),
               .hint = near.empty() ? "write one of " + ListNames(known) : fmt::format("did you mean `{}`?", near)};
}

// A daemon that holds the home does the run, under the config that it has read; all that is seen of it here is the
// same.
Result<pipeline::Run> RunHereOrInDaemon(const Command& command, Engine& engine, const pipeline::Request& request,
                                        pipeline::Observer& observer) {
  const auto config = engine.LoadConfig(command.config_file);
  if (config.ok()) TRY_OK(CheckTrigger(*config, request.trigger));
  const auto locked = engine.Lock("retrain run");
  if (locked.ok()) {
    if (!config.ok()) return config.error();
    auto run = engine.pipeline().RunToEnd(*config, request, observer);
    for (const auto& problem : DeliverAfterRun(engine.home(), *config, NameOf(command.home))) {
      fmt::print(stderr, "not delivered: {}\n", problem);
    }
    return run;
  }
  auto daemon = DaemonClient::Find(command.home);
  if (locked.error().code != "E0401" || !daemon) return locked.error();
  if (!command.config_file.empty() && !config.ok()) return config.error();
  // The retrain.yaml that lies about here is not that of a named pipeline.
  const bool is_its_config = !command.config_file.empty() || NameOf(command.home) == "default";
  return daemon->Run(request, is_its_config && config.ok() ? std::optional(*config) : std::nullopt, observer);
}

Result<Command::Answer> Run(Command& command, const RunOptions& options) {
  pipeline::Request request{.trigger = options.trigger, .reason = options.reason};
  if (!options.strategy.empty()) {
    TRY(request.strategy, train::StrategyFromName(options.strategy));
  }
  TRY(auto engine, command.Open());
  const auto observer = MakeForTerminal(!command.quiet && !command.json, engine->clock());
  TRY(const auto run, RunHereOrInDaemon(command, *engine, request, *observer));
  return Command::Answer{.text = TextOf(run), .json = report::ToJson(run), .exit_code = ExitCodeOf(run)};
}

}  // namespace

void AddRun(Verb& program, Command& command) {
  auto options = std::make_shared<RunOptions>();
  auto verb = AddVerb(program, command, "run", "retrain now: prepare, train, judge, deploy or refuse",
                      [&command, options] { return Run(command, *options); });
  verb.Option("strategy", options->strategy, "full or incremental; left out: as the config says",
              {.one_of = {"full", "incremental", "transfer"}});
  verb.Option("--trigger", options->trigger,
              "whose run it is: a trigger of the config by its name, or a type of trigger", {.shows_default = true});
  verb.Option("--reason", options->reason, "your words, kept in the journal", {.shows_default = true});
  verb.Option("--config", command.config_file, "default: retrain.yaml, else what setup() stored");
}

}  // namespace retrain::app
