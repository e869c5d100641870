#pragma once

#include <string>

#include "retrain/base/json.h"
#include "retrain/decide/decision.h"

// Single values as a notebook shows them, in the look of a run.
namespace retrain::report {

std::string ToHtml(const decide::Decision& decision);

// A version, as the fields of `retrain models list --json`.
std::string VersionHtml(const Json& version);

}  // namespace retrain::report
