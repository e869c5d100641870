#include "retrain/app/cli/command.h"
#include "retrain/app/config/read_config.h"

namespace retrain::app {

void AddSchema(Verb& program, Command& command) {
  AddVerb(program, command, "schema", "print the JSON Schema of retrain.yaml", []() -> Result<Command::Answer> {
    const Json schema = ConfigSchema();
    return Command::Answer{.text = schema.Dump(2), .json = schema};
  });
}

}  // namespace retrain::app
