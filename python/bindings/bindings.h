#pragma once

#include <memory>
#include <string>
#include <utility>

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include "retrain/app/engine.h"

// The Python module: names of the core made callable, no defaults and no logic. Values cross as JSON text, tables as
// Arrow C streams, predictions as numpy arrays that own the engine's memory. Every call opens the home anew, so that
// nothing is shared between threads or with forked children.
namespace retrain::python {

namespace nb = nanobind;

// Carries an Error to Python, where it becomes the RetrainError of its kind: the one translation there is.
class Raised final : public std::exception {
 public:
  explicit Raised(Error error) : error_(std::move(error)) {}
  const Error& error() const { return error_; }
  const char* what() const noexcept override { return error_.message.c_str(); }

 private:
  Error error_;
};

// The value of a Result, or its error thrown.
template <class T>
T Need(Result<T> result) {
  if (!result.ok()) throw Raised(std::move(result).error());
  return std::move(result).value();
}
inline void Need(const Status& status) {
  if (!status.ok()) throw Raised(status.error());
}

// The home that must be there (E0106).
inline std::unique_ptr<app::Engine> OpenOld(const std::string& home) {
  return Need(app::Engine::Open({.home = home, .must_exist = true}));
}

void BindErrors(nb::module_& module);
void BindRuns(nb::module_& module);
void BindRegistry(nb::module_& module);
void BindModel(nb::module_& module);
void BindDrift(nb::module_& module);
void BindStreams(nb::module_& module);

}  // namespace retrain::python
