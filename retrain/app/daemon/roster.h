#pragma once

#include <string>
#include <vector>

#include "retrain/base/state_fs.h"
#include "retrain/pipeline/config.h"

namespace retrain::app {

// One pipeline that a daemon keeps.
struct RosterEntry {
  std::string name;         // "default", or the stem of its config file
  std::string home;         // the daemon's own home, or pipelines/NAME below it
  std::string config_file;  // empty: what setup() stored in its home

  bool operator==(const RosterEntry&) const = default;
};

// The pipelines of a daemon. `configs` are config files and globs of them: a single one is the pipeline `default`, of
// several each gives the name of its pipeline. Without any: retrain.yaml of the working folder, and pipelines/*.yaml;
// without these, or with `stored`, what setup() stored. E0106 when there is nothing to keep, E0105 for two of one name.
Result<std::vector<RosterEntry>> ReadRoster(StateFs& files, const std::string& home,
                                            const std::vector<std::string>& configs, bool stored = false);

// The config of an entry, checked.
Result<pipeline::Config> LoadConfig(StateFs& files, const RosterEntry& entry);

// The folder whose daemon keeps the pipeline of `home`, when it is one of several: home of "x/pipelines/a" is "x".
std::string RootOf(const std::string& home);
std::string NameOf(const std::string& home);  // "default", or "a" of "x/pipelines/a"

}  // namespace retrain::app
