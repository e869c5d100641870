#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "retrain/app/cli/verb.h"
#include "retrain/app/engine.h"

// What the verbs share. A file a verb: each adds its subcommand and calls one public function of a room.
namespace retrain::app {

// The contract with orchestrators.
enum ExitCode { kDone = 0, kRuntimeError = 1, kUsageError = 2, kNotPromoted = 3, kCheckFired = 4, kBusy = 75 };

int ExitCodeOf(const Error& error);

// The options that every verb takes, and how it answers.
struct Command {
  std::string home;         // --home, RETRAIN_HOME, or .retrain
  std::string config_file;  // --config; empty: retrain.yaml when it is there, else what setup() stored
  bool json = false;
  bool quiet = false;
  int exit_code = kDone;

  // Runs a verb's work and answers: text, or one JSON object with --json, on standard output; errors on standard
  // error (with --json as an object on standard output). Sets exit_code.
  struct Answer {
    std::string text;
    Json json;
    int exit_code = kDone;
  };
  void Give(const Result<Answer>& answer);

  Result<std::unique_ptr<Engine>> Open() const;     // makes the home when it is missing
  Result<std::unique_ptr<Engine>> OpenOld() const;  // E0106 when there is no home to look at
};

// Adds --home, --json and --quiet to a verb and wires its work.
Verb AddVerb(Verb& program, Command& command, const std::string& name, const std::string& description,
             std::function<Result<Command::Answer>()> work);

void AddRun(Verb& program, Command& command);
void AddInit(Verb& program, Command& command);
void AddUp(Verb& program, Command& command);
void AddStatus(Verb& program, Command& command);
void AddRuns(Verb& program, Command& command);
void AddExplain(Verb& program, Command& command);
void AddCheck(Verb& program, Command& command);
void AddWhy(Verb& program, Command& command);
void AddModels(Verb& program, Command& command);
void AddReproduce(Verb& program, Command& command);
void AddPredict(Verb& program, Command& command);
void AddSchema(Verb& program, Command& command);
void AddDrift(Verb& program, Command& command);
void AddDoctor(Verb& program, Command& command);
void AddWorker(Verb& program, Command& command);

// The program.
int Main(int argc, char** argv);

}  // namespace retrain::app
