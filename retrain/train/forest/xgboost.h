#pragma once

#include <cstdint>
#include <string>

#include "retrain/base/result.h"

namespace retrain::train::forest {

// The part of XGBoost's C API that is used here. Functions return 0, or say in last_error() what was wrong. Arrays
// come and go as JSON that holds their address.
struct Xgboost {
  using Handle = void*;

  const char* (*last_error)();
  int (*matrix_from_dense)(const char* array, const char* config, Handle*);
  int (*set_info)(Handle matrix, const char* name, const char* array);
  int (*set_texts)(Handle matrix, const char* name, const char** texts, std::uint64_t count);
  int (*free_matrix)(Handle);
  int (*create_booster)(const Handle* matrices, std::uint64_t count, Handle*);
  int (*set_parameter)(Handle booster, const char* name, const char* value);
  int (*update)(Handle booster, int round, Handle matrix);
  int (*predict)(Handle booster, Handle matrix, const char* config, const std::uint64_t** shape,
                 std::uint64_t* dimensions, const float**);
  int (*save)(Handle booster, const char* config, std::uint64_t* bytes, const char**);
  int (*free_booster)(Handle);

  // Opened once. E0309 when the package xgboost-cpu (or xgboost) is not installed.
  static Result<const Xgboost*> Find();

  Status Check(int outcome) const;  // E0303 with the library's words
  Result<std::string> ModelJson(Handle booster) const;
};

}  // namespace retrain::train::forest
