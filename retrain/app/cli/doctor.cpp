#include <fmt/format.h>

#include "retrain/app/cli/command.h"
#include "retrain/base/text.h"
#include "retrain/pipeline/reference.h"

// `retrain doctor`: is everything as it should be? Reads, repairs nothing.
namespace retrain::app {
namespace {

struct Check {
  std::string name;
  Status outcome;
  std::string found;
};

Check ConfigCheck(Engine& engine, const std::string& file) {
  const auto config = engine.LoadConfig(file);
  return {"config", config.ok() ? Ok() : Status(config.error()), config.ok() ? "every key is known and in range" : ""};
}

Check VersionsCheck(Engine& engine) {
  const auto versions = engine.home().registry().All();
  if (!versions.ok()) return {"versions", versions.error(), ""};
  for (const auto& version : *versions) {
    const auto artifact = engine.home().registry().LoadArtifact(version.id);
    if (!artifact.ok()) return {"versions", artifact.error(), ""};
    const auto model = model::LoadModel(*artifact);
    if (!model.ok()) return {"versions", model.error(), ""};
    if (version.profile.empty()) continue;
    const auto profile = pipeline::LoadReference(engine.home(), version, false);
    if (!profile.ok()) return {"versions", profile.error(), ""};
  }
  return {"versions", Ok(),
          fmt::format("the bytes of {} match their digests and load",
                      Counted(static_cast<std::int64_t>(versions->size()), "artifact"))};
}

Check DataCheck(Engine& engine) {
  const auto chunks = engine.home().ledger().All();
  if (!chunks.ok()) return {"data", chunks.error(), ""};
  for (const auto& chunk : *chunks) {
    const auto digest = store::DigestOfFile(engine.files(), engine.home().ledger().Path(chunk));
    if (!digest.ok()) return {"data", digest.error(), ""};
    if (*digest != chunk.digest) {
      return {"data",
              Error{.code = "E0505",
                    .message = fmt::format("the kept bytes of {} (chunk {}) were altered", chunk.name, chunk.id.value),
                    .where = {.file = engine.home().ledger().Path(chunk)},
                    .hint = "put the original file back in its place"},
              ""};
    }
  }
  return {"data", Ok(),
          fmt::format("the kept bytes of {} match their digests",
                      Counted(static_cast<std::int64_t>(chunks->size()), "file"))};
}

Check WriteCheck(Engine& engine) {
  const std::string path = engine.home().folder() + "/work/doctor";
  auto outcome = WriteFileDurably(engine.files(), path, "probe");
  if (outcome.ok()) outcome = engine.files().Unlink(path);
  return {"home", outcome, fmt::format("{} can be written", engine.home().folder())};
}

Result<Command::Answer> Doctor(const Command& command) {
  TRY(auto engine, command.Open());
  auto& home = engine->home();
  const Check checks[] = {WriteCheck(*engine),
                          {"database", home.database().CheckIntegrity(), "the state database is sound"},
                          {"journal", home.journal().Verify(), "the journal has no gap and no altered line"},
                          ConfigCheck(*engine, command.config_file),
                          VersionsCheck(*engine),
                          DataCheck(*engine)};
  Command::Answer answer;
  Json list = Json::MakeArray();
  for (const auto& check : checks) {
    const bool ok = check.outcome.ok();
    answer.text += ok ? fmt::format("✓ {:<9} {}\n", check.name, check.found)
                      : fmt::format("✗ {:<9} {}\n", check.name, ToText(check.outcome.error()));
    if (!ok) answer.exit_code = kRuntimeError;
    Json item;
    item.Set("check", check.name).Set("ok", ok).Set("found", ok ? check.found : check.outcome.error().message);
    list.Append(item);
  }
  answer.json.Set("checks", list);
  return answer;
}

}  // namespace

void AddDoctor(Verb& program, Command& command) {
  AddVerb(program, command, "doctor", "check home, database, journal, config, versions and data", [&command] {
    return Doctor(command);
  }).Option("--config", command.config_file, "default: retrain.yaml, else what setup() stored");
}

}  // namespace retrain::app
