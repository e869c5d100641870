# What nearly every file includes, compiled once for all rooms; and the test libraries, once for all tests. A file still
# names what it uses: clang-tidy reads it without these.
function(add_prelude NAME)
  file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/${NAME}.cpp" "")
  add_library(${NAME} OBJECT "${CMAKE_CURRENT_BINARY_DIR}/${NAME}.cpp")
  target_precompile_headers(${NAME} PRIVATE
    <algorithm> <chrono> <cstdint> <functional> <map> <memory> <optional> <span> <string> <utility> <variant> <vector>
    <fmt/format.h> ${ARGN})
  target_link_libraries(${NAME} PRIVATE fmt::fmt)
endfunction()
add_prelude(prelude)
if(RETRAIN_TESTS)
  add_prelude(test_prelude <gmock/gmock.h> <gtest/gtest.h> <rapidcheck/gtest.h>)
  target_link_libraries(test_prelude PRIVATE GTest::gmock rapidcheck)
  set_target_properties(test_prelude PROPERTIES POSITION_INDEPENDENT_CODE OFF)   # as programs have it, not libraries
  target_compile_options(test_prelude PRIVATE -fPIE ${RETRAIN_TEST_OPTIONS})
endif()

# add_room(NAME … DESCRIPTION … [DEPENDS room…] [USES target…] [TEST_DEPENDS room…])
#
# One folder retrain/NAME, one static library. A room links what DEPENDS names and nothing else; tools/check_shape
# holds the includes against the same list, and docs/architecture.md is written from these calls. USES are vendor
# libraries, private to the room; TEST_DEPENDS are what its tests need besides (mostly `testing`). Files x_test.cpp beside their sources become the program NAME_test.
function(add_room)
  cmake_parse_arguments(room "" "NAME;DESCRIPTION" "DEPENDS;USES;TEST_DEPENDS" ${ARGN})
  set(folder "${CMAKE_CURRENT_SOURCE_DIR}/${room_NAME}")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${folder}/*.cpp")
  list(FILTER sources EXCLUDE REGEX "/kernels/")   # built per instruction set, apart
  set(tests ${sources})
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "main\\.cpp$")
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")

  if(NOT sources)
    set(sources "${CMAKE_CURRENT_BINARY_DIR}/${room_NAME}_empty.cpp")
    file(WRITE "${sources}" "")
  endif()
  add_library(${room_NAME} STATIC ${sources})
  target_precompile_headers(${room_NAME} REUSE_FROM prelude)
  target_include_directories(${room_NAME} PUBLIC "${PROJECT_SOURCE_DIR}")
  target_link_libraries(${room_NAME} PUBLIC ${room_DEPENDS} PRIVATE fmt::fmt ${room_USES})

  if(tests AND RETRAIN_TESTS)
    add_executable(${room_NAME}_test ${tests})
    target_compile_options(${room_NAME}_test PRIVATE ${RETRAIN_TEST_OPTIONS})
    target_precompile_headers(${room_NAME}_test REUSE_FROM test_prelude)
    target_compile_definitions(${room_NAME}_test PRIVATE RETRAIN_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_link_libraries(${room_NAME}_test PRIVATE ${room_NAME} ${room_TEST_DEPENDS} ${room_USES} fmt::fmt GTest::gmock GTest::gtest_main rapidcheck)
    gtest_discover_tests(${room_NAME}_test TEST_PREFIX "${room_NAME}." DISCOVERY_MODE PRE_TEST)
  endif()
endfunction()
