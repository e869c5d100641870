# Arrow C++ as it lies inside an installed `pyarrow` wheel. Input: Python3_EXECUTABLE, a Python that has pyarrow.
# Output: PyArrow_VERSION, PyArrow_DIR and PyArrow::{arrow,compute,parquet,s3}.
#
# The wheel ships neither CMake files nor unversioned links: libraries are named by their full path.
execute_process(
  COMMAND "${Python3_EXECUTABLE}" -c "import importlib.util, os; print(os.path.dirname(importlib.util.find_spec('pyarrow').origin), end='')"
  OUTPUT_VARIABLE PyArrow_DIR ERROR_QUIET)
set(_header "${PyArrow_DIR}/include/arrow/util/config.h")
if(EXISTS "${_header}")
  file(STRINGS "${_header}" _defines REGEX "#define ARROW_(VERSION_STRING|SO_VERSION) ")
  string(REGEX REPLACE ".*ARROW_VERSION_STRING \"([0-9.]+)\".*" "\\1" PyArrow_VERSION "${_defines}")
  string(REGEX REPLACE ".*ARROW_SO_VERSION \"([0-9]+)\".*" "\\1" _so_version "${_defines}")
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PyArrow REQUIRED_VARS PyArrow_DIR _so_version VERSION_VAR PyArrow_VERSION
  REASON_FAILURE_MESSAGE "pass -DPython3_EXECUTABLE=<venv>/bin/python of an environment with pyarrow 26.0 (./dev setup makes one)")

if(PyArrow_FOUND AND NOT TARGET PyArrow::arrow)
  foreach(_pair arrow:arrow compute:arrow_compute parquet:parquet s3:arrow_s3)
    string(REGEX REPLACE ":.*" "" _name "${_pair}")
    string(REGEX REPLACE ".*:" "" _file "${_pair}")
    add_library(PyArrow::${_name} SHARED IMPORTED GLOBAL)
    set_target_properties(PyArrow::${_name} PROPERTIES
      IMPORTED_LOCATION "${PyArrow_DIR}/lib${_file}.so.${_so_version}"
      IMPORTED_SONAME "lib${_file}.so.${_so_version}"
      INTERFACE_INCLUDE_DIRECTORIES "${PyArrow_DIR}/include")
    if(NOT _name STREQUAL arrow)
      target_link_libraries(PyArrow::${_name} INTERFACE PyArrow::arrow)
    endif()
  endforeach()
endif()
