#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/app/config/guess.h"
#include "retrain/data/files.h"

// `retrain init`: looks at the data and writes a commented retrain.yaml.
namespace retrain::app {
namespace {

struct InitOptions {
  std::string path = "data/production/new/";
  std::string validation;
  std::string out = "retrain.yaml";
  bool force = false;
};

Result<TableGuess> Look(StateFs& files, const std::string& path) {
  if (!files.Exists(path)) return TableGuess{};
  TRY(const auto found, data::FindFiles(files, path));
  for (const auto& file : found) {
    if (!file.unready.empty()) continue;
    TRY(const auto source, data::OpenFile(files, file.path));
    TRY(const auto rows, source->Next());
    if (rows) return GuessColumns(*rows, file.path);
  }
  return TableGuess{};
}

Result<Command::Answer> Init(const InitOptions& options) {
  RealStateFs files;
  if (files.Exists(options.out) && !options.force) {
    return Error{.code = "E0105",
                 .message = fmt::format("{} is there already", options.out),
                 .hint = "edit it, or write it anew with `retrain init --force`",
                 .kept = "nothing was changed"};
  }
  TRY(const auto guess, Look(files, options.path));
  std::string validation = options.validation;
  if (validation.empty() && files.Exists("data/splits/val.parquet")) validation = "data/splits/val.parquet";
  TRY_OK(WriteFileDurably(files, options.out, ConfigTemplate(guess, options.path, validation)));
  Command::Answer answer;
  answer.text = fmt::format("{} is written", options.out);
  if (guess.file.empty()) {
    answer.text += fmt::format(
        "\nno data yet: put Parquet, CSV or Arrow files into {}, or name another place in it\nnext: mkdir -p {}\n",
        options.path, options.path);
  } else if (guess.target.column.empty()) {
    answer.text += fmt::format(" from a look at {}; name the target in it\nnext: edit {}, then retrain run\n",
                               guess.file, options.out);
  } else {
    answer.text += fmt::format(" from a look at {}: target `{}` ({})\nnext: retrain run\n", guess.file,
                               guess.target.column, guess.target.reason);
  }
  answer.json.Set("file", options.out).Set("target", guess.target.column).Set("looked_at", guess.file);
  return answer;
}

}  // namespace

void AddInit(Verb& program, Command& command) {
  auto options = std::make_shared<InitOptions>();
  auto verb = AddVerb(program, command, "init", "look at your data and write a commented retrain.yaml",
                      [options] { return Init(*options); });
  verb.Option("path", options->path, "where new files arrive: a folder, a file or a glob", {.shows_default = true});
  verb.Option("--validation", options->validation, "file that the gate judges on");
  verb.Option("--config", options->out, "file to write", {.shows_default = true});
  verb.Flag("--force", options->force, "write over an old one");
}

}  // namespace retrain::app
