#include "bindings.h"

#include "retrain/base/error_codes.h"
#include "retrain/report/run_report.h"

namespace retrain::python {
namespace {

// Raises what omgkit.mlops.errors makes of the error's JSON.
void Translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Raised& raised) {
    const auto errors = nb::module_::import_("omgkit.mlops.errors");
    const nb::object error = errors.attr("from_json")(report::ToJson(raised.error()).Dump());
    PyErr_SetObject(reinterpret_cast<PyObject*>(Py_TYPE(error.ptr())), error.ptr());
  }
}

// For the few errors that only the Python face can find, in the words of all others.
void Fail(const std::string& code, const std::string& message, const std::string& key, const std::string& hint) {
  const ErrorCode* row = FindErrorCode(code);
  RETRAIN_ALWAYS(row != nullptr);
  throw Raised({.code = row->code, .message = message, .where = {.key = key}, .hint = hint});
}

}  // namespace

void BindErrors(nb::module_& module) {
  nb::register_exception_translator(Translate);
  module.def("fail", &Fail, nb::arg("code"), nb::arg("message"), nb::arg("key"), nb::arg("hint"));
}

}  // namespace retrain::python
