#pragma once

#include <algorithm>
#include <iterator>
#include <string_view>

#include "retrain/base/error.h"

namespace retrain {

// One row of the table below: what `retrain explain CODE` and the documentation show.
struct ErrorCode {
  std::string_view code;
  ErrorKind kind;
  std::string_view title;  // what is wrong, without names or numbers
  std::string_view cure;   // what to do about it
};

// Every error of the program, in order. E01: config, E02: data, E03: models and training, E04: somebody else was
// first, E05: the state on disk.
inline constexpr ErrorCode kErrorCodes[] = {
#include "retrain/base/error_codes.inc"
};

// The row of a code, or null.
constexpr const ErrorCode* FindErrorCode(std::string_view code) {
  const auto* row = std::find_if(std::begin(kErrorCodes), std::end(kErrorCodes),
                                 [code](const ErrorCode& known) { return known.code == code; });
  return row == std::end(kErrorCodes) ? nullptr : row;
}

}  // namespace retrain
