#pragma once

#include <cstdint>
#include <string>

#include "retrain/base/result.h"

namespace retrain::train::forest {

// The part of LightGBM's C API that is used here. Functions return 0, or say in last_error() what was wrong.
struct Lightgbm {
  using Handle = void*;
  static constexpr int kFloat32 = 0, kFloat64 = 1;  // data types
  static constexpr int kRowMajor = 1;

  const char* (*last_error)();
  int (*dataset_from_matrix)(const void*, int type, std::int32_t rows, std::int32_t columns, int row_major,
                             const char* parameters, Handle reference, Handle*);
  int (*set_field)(Handle dataset, const char* name, const void*, int count, int type);
  int (*free_dataset)(Handle);
  int (*create_booster)(Handle dataset, const char* parameters, Handle*);
  int (*add_stopping)(Handle booster, Handle dataset);
  int (*update)(Handle booster, int* finished);
  int (*predict_dataset)(Handle booster, int dataset, std::int64_t* count, double*);  // output by output
  int (*save)(Handle booster, int first, int rounds, int importance, std::int64_t room, std::int64_t* bytes, char*);
  int (*free_booster)(Handle);
  int (*predict_matrix)(Handle booster, const void*, int type, std::int32_t rows, std::int32_t columns, int row_major,
                        int kind, int first, int rounds, const char* parameters, std::int64_t* count, double*);
  int (*prepare_row)(Handle booster, int kind, int first, int rounds, int type, std::int32_t columns,
                     const char* parameters, Handle*);
  int (*predict_row)(Handle prepared, const void*, std::int64_t* count, double*);

  // Opened once. E0309 when the package lightgbm is not installed.
  static Result<const Lightgbm*> Find();

  Status Check(int outcome) const;  // E0303 with the library's words
  Result<std::string> ModelText(Handle booster) const;
};

}  // namespace retrain::train::forest
