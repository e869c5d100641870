#pragma once

#include <string>
#include <vector>

#include "retrain/registry/registry.h"

namespace retrain::app {

// The names of the aliases that point at a version.
std::vector<std::string> AliasesOf(const std::vector<registry::Alias>& aliases, VersionId version);

// What `retrain models --json` and Python's Version tell of a version.
Json VersionJson(const registry::Version& version, const std::vector<registry::Alias>& aliases);

}  // namespace retrain::app
