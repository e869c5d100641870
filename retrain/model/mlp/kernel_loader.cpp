#include "retrain/model/mlp/kernel_loader.h"

#include <dlfcn.h>

#include <string>

#include <fmt/format.h>

namespace retrain::model::mlp {
namespace {

bool ProcessorHas(std::string_view level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (level == "v2") return __builtin_cpu_supports("x86-64-v2") > 0;
  if (level == "v3") return __builtin_cpu_supports("x86-64-v3") > 0;
  if (level == "v4") return __builtin_cpu_supports("x86-64-v4") > 0;
#endif
  return level == "generic";
}

// Never closed: the functions stay valid as long as the process.
Result<const Kernels*> Load(std::string_view level) {
  std::string why;
  for (const auto folder : {"$ORIGIN/../lib", "$ORIGIN/lib"}) {  // $ORIGIN: where the file that holds this code lies
    const auto path = fmt::format("{}/libretrain_mlp_{}.so", folder, level);
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      why = dlerror();
      continue;
    }
    const auto table = reinterpret_cast<decltype(&retrain_mlp_kernels)>(dlsym(library, "retrain_mlp_kernels"));
    if (table != nullptr && table()->version == kKernelVersion) return table();
    why = fmt::format("{} belongs to another version of this program", path);
  }
  return Error{"E0303", fmt::format("the network's kernels for x86-64-{} cannot be loaded: {}", level, why)};
}

}  // namespace

Result<const Kernels*> FindKernels(std::string_view name) {
  if (!ProcessorHas(name) && name != "generic") {
    return Error{"E0303", fmt::format("this processor cannot run the kernels `{}`", name)};
  }
  if (name == "generic") return retrain_mlp_kernels();
  return Load(name);
}

const Kernels& BestKernels() {
  static const Kernels& best = []() -> const Kernels& {
    for (const auto name : {"v4", "v3", "v2"}) {
      const auto found = FindKernels(name);
      if (found.ok()) return **found;
    }
    return *retrain_mlp_kernels();
  }();
  return best;
}

}  // namespace retrain::model::mlp
