#include "retrain/app/cli/command.h"

namespace retrain::app {

// The program that the engine starts to train; nobody types it.
void AddWorker(Verb& program, Command& command) {
  auto job = std::make_shared<std::string>();
  auto artifact = std::make_shared<std::string>();
  program.Sub("worker", "train one job file")
      .Hide()
      .Option("job", *job, "file that names it", {.required = true})
      .Option("artifact", *artifact, "file to write", {.required = true})
      .Does([&command, job, artifact] { command.exit_code = RunWorker(*job, *artifact); });
}

}  // namespace retrain::app
