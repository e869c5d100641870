#pragma once

#include <string>
#include <string_view>

#include "retrain/pipeline/config.h"

namespace retrain::app {

// Where a config's text comes from, for its errors and its relative paths.
struct ConfigSource {
  std::string file = {};    // named in errors with line and column; empty: errors name the key alone
  std::string folder = {};  // relative paths of the config start here; empty: the working folder
};

// A config out of YAML (of which JSON is a part). All errors at once, in the order of the text: unknown keys with the
// near name (E0101), wrong types and ranges (E0102), broken YAML (E0103), missing keys (E0104), contradictions (E0105).
Result<pipeline::Config> ReadConfig(std::string_view text, const ConfigSource& source);

// The JSON Schema (draft 2020-12) of what ReadConfig takes.
Json ConfigSchema();

}  // namespace retrain::app
