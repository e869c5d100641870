#include "retrain/train/forest/wheel.h"

#include <dlfcn.h>
#include <link.h>

#include <string>

#include <fmt/format.h>

namespace retrain::train::forest {
namespace {

Error NotInstalled(std::string_view package, std::string_view why) {
  return Error{.code = "E0309",
               .message = fmt::format("the package {} is not installed beside pyarrow: {}", package, why),
               .hint = fmt::format("pip install {}", package)};
}

// Takes the folder above the one of libarrow out of the list of loaded libraries.
int TakeFolder(dl_phdr_info* library, std::size_t, void* found) {
  const std::string_view path = library->dlpi_name;
  const auto name = path.rfind("/pyarrow/libarrow.so");
  if (name == std::string_view::npos) return 0;
  *static_cast<std::string*>(found) = path.substr(0, name);
  return 1;
}

}  // namespace

Result<WheelLibrary> WheelLibrary::Open(std::string_view package, std::string_view file) {
  std::string folder;
  dl_iterate_phdr(TakeFolder, &folder);
  void* handle = dlopen(fmt::format("{}/{}", folder, file).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) return NotInstalled(package, dlerror());
  return WheelLibrary(package, handle);
}

Result<void*> WheelLibrary::Address(const char* name) const {
  if (void* address = dlsym(handle_, name)) return address;
  return NotInstalled(package_, fmt::format("the version that is there has no {}", name));
}

}  // namespace retrain::train::forest
