#include "retrain/app/engine.h"

#include <unistd.h>

#include <fmt/format.h>

#include "retrain/app/config/read_config.h"
#include "retrain/pipeline/fields.h"

namespace retrain::app {
namespace {

constexpr const char* kConfigFile = "retrain.yaml";
constexpr const char* kConfigSetting = "config";

}  // namespace

Engine::Engine(const EngineOptions& options)
    : processes_(options.program, std::chrono::seconds(3), options.stop), trainer_(files_, processes_) {}

Result<std::unique_ptr<Engine>> Engine::Open(const EngineOptions& options) {
  std::unique_ptr<Engine> engine(new Engine(options));
  if (options.must_exist && !engine->files_.Exists(options.home + "/state.db")) {
    return Error{.code = "E0106",
                 .message = fmt::format("there is no pipeline in {}", options.home),
                 .hint = "begin with `retrain init` and `retrain run`, or name its folder with --home"};
  }
  TRY(engine->home_, pipeline::Home::Open(engine->files_, options.home));
  engine->pipeline_ =
      std::make_unique<pipeline::Pipeline>(*engine->home_, engine->clock_, engine->random_, engine->trainer_);
  return engine;
}

Status Engine::Lock(std::string_view command) {
  if (lock_) return Ok();
  const std::string holder = fmt::format("process {}, `{}`, since {}", getpid(), command, ToText(clock_.Now()));
  TRY(lock_, home_->Lock(holder));
  return Ok();
}

Result<pipeline::Config> Engine::LoadConfig(const std::string& file) {
  if (!file.empty() || files_.Exists(kConfigFile)) {
    const std::string path = file.empty() ? kConfigFile : file;
    if (!files_.Exists(path)) {
      return Error{.code = "E0106",
                   .message = fmt::format("there is no config file {}", path),
                   .hint = "`retrain init` writes one"};
    }
    TRY(const auto text, ReadFile(files_, path));
    return ReadConfig(text, {.file = path, .folder = ParentFolder(path)});
  }
  return LoadStoredConfig();
}

Result<pipeline::Config> Engine::LoadStoredConfig() {
  TRY(const auto stored, home_->Setting(kConfigSetting));
  if (!stored) {
    return Error{.code = "E0106",
                 .message = "there is no config: neither retrain.yaml here nor one that setup() stored",
                 .hint = "`retrain init` looks at your data and writes retrain.yaml"};
  }
  return ReadConfig(*stored, {});
}

Status Engine::Setup(std::string_view text, std::string_view who) {
  TRY(const auto config, ReadConfig(text, {}));
  if (IsStored(config)) return Ok();  // also while another process holds the home
  TRY_OK(Lock(who));
  const auto stored = StoreConfig(text, who);
  lock_.reset();
  return stored;
}

bool Engine::IsStored(const pipeline::Config& config) {
  const auto stored = LoadStoredConfig();
  return stored.ok() && *stored == config;
}

Status Engine::StoreConfig(std::string_view text, std::string_view who) {
  TRY(const auto config, ReadConfig(text, {}));
  if (IsStored(config)) return Ok();
  TRY(auto transaction, store::Transaction::Begin(home_->database()));
  TRY_OK(home_->SetSetting(kConfigSetting, text));
  Json body;
  body.Set("action", "setup").Set("who", who).Set("config", pipeline::ToJson(config));
  TRY_OK(home_->journal().Append(clock_.Now(), RunId{}, "setup", body));
  return transaction.Commit();
}

Result<std::unique_ptr<model::Model>> Engine::LoadChampion() {
  TRY(const auto champion, home_->registry().Find(registry::kChampion));
  if (!champion)
    return Error{.code = "E0306", .message = "there is no champion yet", .hint = "run `retrain run` first"};
  TRY(const auto artifact, home_->registry().LoadArtifact(champion->version));
  return model::LoadModel(artifact);
}

}  // namespace retrain::app
