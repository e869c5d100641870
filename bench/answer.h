#pragma once

#include <cstdio>

#include "retrain/base/error.h"
#include "retrain/base/json.h"

namespace retrain {

// The end of a measuring program: one JSON object on standard output, or the error; the exit code.
inline int Answer(const Result<Json>& result) {
  if (!result.ok()) {
    std::fprintf(stderr, "%s\n", ToText(result.error()).c_str());
    return 1;
  }
  std::printf("%s\n", result->Dump().c_str());
  return 0;
}

}  // namespace retrain
