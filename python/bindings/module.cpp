#include "bindings.h"

NB_MODULE(_core, module) {
  retrain::python::BindErrors(module);
  retrain::python::BindRuns(module);
  retrain::python::BindRegistry(module);
  retrain::python::BindModel(module);
  retrain::python::BindDrift(module);
  retrain::python::BindStreams(module);
}
