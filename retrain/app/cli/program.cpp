#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "retrain/app/cli/command.h"
#include "retrain/base/text.h"
#include "retrain/report/run_report.h"

namespace retrain::app {
namespace {

constexpr const char* kAfter =
    "Exit codes: 0 done, 1 error, 2 usage or config, 3 candidate not promoted (champion kept), 4 a check fired, 75 "
    "busy.\n"
    "Begin with `retrain init`, then `retrain run`.";

std::vector<std::string> VerbsOf(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!verb->get_group().empty()) names.push_back(verb->get_name());
  }
  return names;
}

std::vector<std::string> OptionsOf(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const auto* option : verb.get_options()) {
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

bool Has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What is wrong with a command line that the parser refused, in the words of all other errors, with the near name of a
// command or an option.
Error UsageError(const CLI::App& app, const CLI::ParseError& fault, const std::vector<std::string>& words) {
  Error error{.code = "E0107", .message = fault.what(), .hint = "`retrain --help` lists the commands"};
  const CLI::App* verb = &app;
  std::string path = "retrain";
  for (const auto& word : words) {
    if (Has(VerbsOf(*verb), word)) {
      verb = verb->get_subcommand(word);
      path += " " + word;
      error.hint = fmt::format("`{} --help` lists its options", path);
    } else if (const auto verbs = VerbsOf(*verb); !verbs.empty() && !word.starts_with("-")) {
      error.message = fmt::format("there is no command `{}`", (path + " " + word).substr(sizeof "retrain"));
      if (const auto near = NearName(word, verbs); !near.empty())
        error.hint = fmt::format("did you mean `{} {}`?", path, near);
      return error;
    } else if (word.starts_with("--")) {
      const auto name = word.substr(0, word.find('='));
      const auto options = OptionsOf(*verb);
      if (Has(options, name)) continue;
      error.message = fmt::format("`{}` has no option `{}`", path, name);
      if (const auto near = NearName(name, options); !near.empty())
        error.hint = fmt::format("did you mean `{}`?", near);
      return error;
    }
  }
  return error;
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app{"Keeps a machine-learning model in production fresh, safely.", "retrain"};
  app.set_version_flag("--version", RETRAIN_VERSION);
  app.require_subcommand(1);
  app.footer(kAfter);
  Command command{.home = ".retrain"};
  Verb program(app);
  AddInit(program, command);
  AddRun(program, command);
  AddUp(program, command);
  AddStatus(program, command);
  AddRuns(program, command);
  AddExplain(program, command);
  AddCheck(program, command);
  AddWhy(program, command);
  AddModels(program, command);
  AddReproduce(program, command);
  AddPredict(program, command);
  AddSchema(program, command);
  AddDrift(program, command);
  AddDoctor(program, command);
  AddWorker(program, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& fault) {
    fmt::print(stderr, "{}\n", ToText(UsageError(app, fault, {argv + 1, argv + argc})));
    return kUsageError;
  }
  return command.exit_code;
}

}  // namespace retrain::app
