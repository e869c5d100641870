#include <algorithm>
#include <thread>

#include "retrain/app/cli/command.h"
#include "retrain/app/daemon/daemon.h"

// `retrain up`: the daemon, in the foreground.
namespace retrain::app {
namespace {

Result<Command::Answer> Up(const Command& command, DaemonOptions options) {
  options.home = command.home;
  TRY(const auto daemon, Daemon::Open(options));
  daemon->Run();
  Command::Answer answer;
  answer.json.Set("home", command.home).Set("ended", true);
  return answer;
}

}  // namespace

void AddUp(Verb& program, Command& command) {
  auto options = std::make_shared<DaemonOptions>();
  options->listen = "127.0.0.1:8765";
  options->jobs = std::max(1U, std::thread::hardware_concurrency() / 2);
  auto verb = AddVerb(program, command, "up", "keep pipelines fresh: watch, keep time, retrain; until SIGTERM",
                      [&command, options] { return Up(command, *options); });
  verb.Option("--config", options->configs,
              "config files or globs, one a pipeline; default: retrain.yaml and pipelines/*.yaml, else what setup() "
              "stored");
  verb.Flag("--stored", options->stored, "keep what setup() stored, whatever config lies about here");
  verb.Option("--listen", options->listen, "address of /healthz and /metrics, or `off`", {.shows_default = true});
  verb.Option("--jobs", options->jobs, "runs at once, of all pipelines", {.shows_default = true, .positive = true});
}

}  // namespace retrain::app
