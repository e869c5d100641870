#pragma once

#include <string_view>

#include "retrain/base/result.h"
#include "retrain/model/mlp/kernels/kernels.h"

namespace retrain::model::mlp {

// The kernels of one instruction set: "v4" (AVX-512), "v3" (AVX2), "v2" (SSE4), all levels of x86-64, or "generic",
// which is part of the program. The others are shared objects near it: libretrain_mlp_v3.so in the folder ../lib or lib
// as seen from the program or Python module. E0303 when this processor or this installation lacks them.
Result<const Kernels*> FindKernels(std::string_view name);

// The fastest that this processor and installation have; the same at every call.
const Kernels& BestKernels();

}  // namespace retrain::model::mlp
