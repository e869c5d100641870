#include "retrain/app/cli/command.h"

namespace retrain::app {

// The program that the engine starts to train; nobody types it.
void AddWorker(CLI::App& app, Command& command) {
  auto job = std::make_shared<std::string>();
  auto artifact = std::make_shared<std::string>();
  auto* verb = app.add_subcommand("worker", "train one job file");
  verb->group("");  // hidden
  verb->add_option("job", *job)->required();
  verb->add_option("artifact", *artifact)->required();
  verb->callback([&command, job, artifact] { command.exit_code = RunWorker(*job, *artifact); });
}

}  // namespace retrain::app
