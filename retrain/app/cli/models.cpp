#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/app/daemon/changes.h"
#include "retrain/app/version_json.h"
#include "retrain/base/text.h"

// `retrain models`: the versions and where the aliases point.
namespace retrain::app {
namespace {

struct ModelsOptions {
  std::int64_t version = 0;
  std::string reason = "by hand";
};

std::string MetricsText(const Json& metrics) {
  std::string text;
  for (const auto& [name, value] : metrics.members())
    text += fmt::format("{}{} {:.4f}", text.empty() ? "" : ", ", name, value.AsDouble());
  return text;
}

Result<Command::Answer> List(const Command& command) {
  TRY(auto engine, command.OpenOld());
  TRY(const auto versions, engine->home().registry().All());
  TRY(const auto aliases, engine->home().registry().Aliases());
  Command::Answer answer;
  answer.text = versions.empty() ? "no versions yet; begin with `retrain run`"
                                 : fmt::format("{:>7}  {:<12} {:<11} {:>6}  {:<20} {}\n", "version", "digest",
                                               "strategy", "parent", "aliases", "metrics");
  Json list = Json::MakeArray();
  for (const auto& version : versions) {
    const auto names = AliasesOf(aliases, version.id);
    answer.text += fmt::format(
        "{:>7}  {:<12} {:<11} {:>6}  {:<20} {}\n", version.id.value, version.digest.substr(0, 12), version.strategy,
        version.parent ? fmt::format("{}", version.parent.value) : "-", ListNames(names), MetricsText(version.metrics));
    list.Append(VersionJson(version, aliases));
  }
  answer.json.Set("versions", list);
  return answer;
}

Result<Command::Answer> Show(const Command& command, std::int64_t id) {
  TRY(auto engine, command.OpenOld());
  auto& registry = engine->home().registry();
  TRY(const auto version, registry.Get(VersionId{id}));
  TRY(const auto aliases, registry.Aliases());
  TRY(const auto artifact, registry.LoadArtifact(version.id));
  Json json = VersionJson(version, aliases);
  json.Set("family", artifact.family).Set("info", artifact.info).Set("contract", model::ToJson(artifact.contract));
  json.Set("path", registry.ArtifactPath(version));
  return Command::Answer{.text = json.Dump(2), .json = json};
}

Result<Command::Answer> Move(const Command& command, const ModelsOptions& options, bool back) {
  TRY(auto engine, command.OpenOld());
  HandMove hand{.back = back, .who = "command line", .why = options.reason};
  if (!back || options.version != 0) hand.to = VersionId{options.version};
  TRY(const auto move, MoveHereOrInDaemon(*engine, hand, back ? "retrain models rollback" : "retrain models promote"));
  const std::string from = move.from ? fmt::format(", before it was {}", move.from.value) : "";
  return Command::Answer{.text = fmt::format("the champion is version {}{}", move.to.value, from),
                         .json = ToJson(move)};
}

}  // namespace

void AddModels(Verb& program, Command& command) {
  auto models = program.Sub("models", "list and show versions; promote one, or roll back");
  models.NeedsSub();
  auto options = std::make_shared<ModelsOptions>();
  AddVerb(models, command, "list", "all versions", [&command] { return List(command); });
  AddVerb(models, command, "show", "all that is known of one", [&command, options] {
    return Show(command, options->version);
  }).Option("version", options->version, "id", {.required = true});
  auto promote = AddVerb(models, command, "promote", "make a version the champion by hand",
                         [&command, options] { return Move(command, *options, false); });
  promote.Option("version", options->version, "id", {.required = true});
  promote.Option("--reason", options->reason, "your words, kept in the journal", {.shows_default = true});
  auto rollback = AddVerb(models, command, "rollback", "go back to the previous champion, or to a named version",
                          [&command, options] { return Move(command, *options, true); });
  rollback.Option("--to", options->version, "version id; left out: the previous champion");
  rollback.Option("--reason", options->reason, "your words, kept in the journal", {.shows_default = true});
}

}  // namespace retrain::app
