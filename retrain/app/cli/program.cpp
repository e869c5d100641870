#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/base/text.h"
#include "retrain/report/run_report.h"

namespace retrain::app {
namespace {

constexpr const char* kAfter =
    "Exit codes: 0 done, 1 error, 2 usage or config, 3 candidate not promoted (champion kept), 4 a check fired, 75 "
    "busy.\n"
    "Begin with `retrain init`, then `retrain run`.";

// A usage error in the words of all other errors, with the near name of a verb.
int ReportUsage(const CLI::App& app, const CLI::ParseError& fault, int argc, char** argv) {
  std::vector<std::string> verbs;
  for (const auto* verb : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!verb->get_group().empty()) verbs.push_back(verb->get_name());
  }
  const std::string word = argc > 1 ? argv[1] : "";
  const bool known = std::find(verbs.begin(), verbs.end(), word) != verbs.end();
  Error error{.code = "E0107", .message = fault.what(), .hint = "`retrain --help` lists the commands"};
  if (known) error.hint = fmt::format("`retrain {} --help` lists its options", word);
  if (!known && !word.empty() && word[0] != '-') {
    error.message = fmt::format("there is no command `{}`", word);
    if (const auto near = NearName(word, verbs); !near.empty())
      error.hint = fmt::format("did you mean `retrain {}`?", near);
  }
  fmt::print(stderr, "{}\n", ToText(error));
  return kUsageError;
}

}  // namespace

int Main(int argc, char** argv) {
  CLI::App app{"Keeps a machine-learning model in production fresh, safely.", "retrain"};
  app.set_version_flag("--version", RETRAIN_VERSION);
  app.require_subcommand(1);
  app.footer(kAfter);
  Command command{.home = ".retrain"};
  AddInit(app, command);
  AddRun(app, command);
  AddStatus(app, command);
  AddRuns(app, command);
  AddExplain(app, command);
  AddWhy(app, command);
  AddModels(app, command);
  AddPredict(app, command);
  AddSchema(app, command);
  AddDoctor(app, command);
  AddWorker(app, command);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {  // --help, --version
    return app.exit(asked);
  } catch (const CLI::ParseError& fault) {
    return ReportUsage(app, fault, argc, argv);
  }
  return command.exit_code;
}

}  // namespace retrain::app
