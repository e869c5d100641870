#pragma once

#include <string_view>

#include "retrain/base/result.h"

namespace retrain::train::forest {

// A shared library out of a Python wheel, called by prototypes of our own because no wheel brings headers.
class WheelLibrary {
 public:
  // Opens `file`, a path in the folder where Python's packages lie: the one that holds the pyarrow that this program is
  // linked to. Never closed: the threads of its OpenMP outlive every use. E0309 names the `package` to install.
  static Result<WheelLibrary> Open(std::string_view package, std::string_view file);

  // Finds the function of a C name. E0309 when this version of the library has none.
  template <class F>
  Status Find(const char* name, F*& function) const {
    TRY(void* address, Address(name));
    function = reinterpret_cast<F*>(address);
    return Ok();
  }

 private:
  WheelLibrary(std::string_view package, void* handle) : package_(package), handle_(handle) {}
  Result<void*> Address(const char* name) const;

  std::string_view package_;
  void* handle_;
};

}  // namespace retrain::train::forest
