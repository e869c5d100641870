#include "retrain/app/daemon/roster.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "retrain/app/config/read_config.h"
#include "retrain/app/engine.h"
#include "retrain/data/glob.h"

namespace retrain::app {
namespace {

constexpr std::string_view kPipelines = "pipelines";

std::string StemOf(const std::string& path) {
  const std::string name = BaseName(path);
  return name.substr(0, name.find_last_of('.'));
}

bool IsName(std::string_view name) {
  const auto good = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= 64 && std::isalnum(static_cast<unsigned char>(name[0])) != 0 &&
         std::ranges::all_of(name, good);
}

// The files of a glob within one folder, sorted.
Result<std::vector<std::string>> Expand(StateFs& files, const std::string& pattern) {
  std::vector<std::string> found;
  const std::string folder = ParentFolder(pattern);
  if (!files.Exists(folder)) return found;
  TRY(const auto names, files.List(folder));
  for (const auto& name : names) {
    const std::string path = folder == "." ? name : folder + "/" + name;
    if (data::GlobMatches(pattern.starts_with("./") ? pattern.substr(2) : pattern, path)) found.push_back(path);
  }
  return found;
}

Error NothingToKeep(const std::string& home) {
  return {.code = "E0106",
          .message =
              fmt::format("there is no pipeline to keep: no retrain.yaml, no pipelines/*.yaml, and none in {}", home),
          .hint = "`retrain init` looks at your data and writes retrain.yaml"};
}

}  // namespace

Result<std::vector<RosterEntry>> ReadRoster(StateFs& files, const std::string& home,
                                            const std::vector<std::string>& configs, bool stored) {
  if (stored) return std::vector<RosterEntry>{{"default", home, ""}};
  std::vector<std::string> paths;
  std::vector<std::string> wanted = configs;
  const bool looks_about = wanted.empty();
  if (looks_about) wanted = {std::string(kPipelines) + "/*.yaml"};
  for (const auto& pattern : wanted) {
    if (data::IsGlob(pattern) && !files.Exists(pattern)) {
      TRY(const auto found, Expand(files, pattern));
      paths.insert(paths.end(), found.begin(), found.end());
    } else if (files.Exists(pattern)) {
      paths.push_back(pattern);
    } else {
      return Error{.code = "E0106",
                   .message = fmt::format("there is no config file {}", pattern),
                   .hint = "`retrain init` writes one"};
    }
  }
  std::vector<RosterEntry> roster;
  if (looks_about && files.Exists("retrain.yaml")) roster.push_back({"default", home, "retrain.yaml"});
  if (!looks_about && paths.size() == 1 && configs.size() == 1 && !data::IsGlob(configs[0])) {
    roster.push_back({"default", home, paths[0]});
    return roster;
  }
  for (const auto& path : paths) {
    const std::string name = StemOf(path);
    if (!IsName(name)) {
      return Error{.code = "E0102",
                   .message = fmt::format("`{}` cannot name a pipeline", name),
                   .where = {.file = path},
                   .hint = "use letters, digits, `.`, `_` and `-`, and begin with a letter or digit"};
    }
    const auto twin = std::ranges::find(roster, name, &RosterEntry::name);
    if (twin != roster.end()) {
      return Error{.code = "E0105",
                   .message = fmt::format("{} and {} both give the pipeline `{}`", twin->config_file, path, name),
                   .where = {.file = path},
                   .hint = "rename one of the two files"};
    }
    roster.push_back({name, fmt::format("{}/{}/{}", home, kPipelines, name), path});
  }
  if (roster.empty() && files.Exists(home + "/state.db")) roster.push_back({"default", home, ""});
  if (roster.empty()) return NothingToKeep(home);
  return roster;
}

Result<pipeline::Config> LoadConfig(StateFs& files, const RosterEntry& entry) {
  if (!entry.config_file.empty()) {
    TRY(const auto text, ReadFile(files, entry.config_file));
    return ReadConfig(text, {.file = entry.config_file, .folder = ParentFolder(entry.config_file)});
  }
  TRY(const auto engine, Engine::Open({.home = entry.home, .must_exist = true}));
  return engine->LoadStoredConfig();
}

std::string RootOf(const std::string& home) {
  const std::string above = ParentFolder(home);
  return BaseName(above) == kPipelines ? ParentFolder(above) : home;
}

std::string NameOf(const std::string& home) {
  return BaseName(ParentFolder(home)) == kPipelines ? BaseName(home) : "default";
}

}  // namespace retrain::app
