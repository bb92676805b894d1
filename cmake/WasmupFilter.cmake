# wasmup_add_filter(NAME SOURCES file... [TESTS file...] [BUDGET bytes] [CONFIGURATION text-or-file]
#                   [ALLOW_ON_HEADERS_STOP_ITERATION])
#
# A filter from one line:
#   NAME_module        the module, NAME.wasm (property WASMUP_MODULE: its path)
#   NAME_native_test   TESTS with SOURCES compiled in, in the fake host              ctest label "unit"
#   NAME_module_test   the same TESTS with the built module in an interpreter        ctest label "module"
#   NAME_native_simulation, NAME_module_simulation
#                      both in made-up traffic, with this CONFIGURATION or with      ctest label "simulation"
#                      config.json (cmake/WasmupSimulation.cmake)
#   with a BUDGET, a row of docs/sizes.md and a test that the module is no larger     ctest label "module"
# In a build with cmake/wasm-toolchain.cmake there is the module alone: the tests are native programs.
#
# WASMUP_WASM_CXX is the compiler for modules: zig's clang++ when ./wasmup has set it up or zig is installed, else a
# stock clang >= 19 with Debian's wasm32 libraries.

# This folder's neighbours: in the repository, or as installed in share/wasmup. Functions find them anew, for they run in
# the scope of whoever calls them.
function(wasmup_find_neighbours)
  get_filename_component(data "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/.." ABSOLUTE)
  set(include "${data}/include")
  if(NOT EXISTS "${include}")
    get_filename_component(include "${data}/../../include" ABSOLUTE)
  endif()
  set(WASMUP_DATA_DIR "${data}" PARENT_SCOPE)
  set(WASMUP_INCLUDE_DIR "${include}" PARENT_SCOPE)
endfunction()

if(NOT DEFINED WASMUP_WASM_CXX AND DEFINED ENV{WASMUP_WASM_CXX})
  set(WASMUP_WASM_CXX "$ENV{WASMUP_WASM_CXX}" CACHE FILEPATH "The compiler for modules")
endif()
# Our zig-c++ is always installed, and zig is not.
function(wasmup_compiler_runs variable program)
  execute_process(COMMAND "${program}" --version RESULT_VARIABLE status OUTPUT_QUIET ERROR_QUIET)
  if(NOT status EQUAL 0)
    set(${variable} FALSE PARENT_SCOPE)
  endif()
endfunction()
find_program(WASMUP_WASM_CXX
  NAMES zig-c++ clang++-22 clang++-21 clang++-20 clang++-19 clang++
  HINTS "${CMAKE_CURRENT_LIST_DIR}/../.wasmup/bin" "${CMAKE_CURRENT_LIST_DIR}/../bin"
  VALIDATOR wasmup_compiler_runs
  DOC "The compiler for modules")

if(WASMUP_WASM_CXX AND NOT IS_ABSOLUTE "${WASMUP_WASM_CXX}")
  find_program(path NAMES "${WASMUP_WASM_CXX}" NO_CACHE REQUIRED)
  set(WASMUP_WASM_CXX "${path}" CACHE FILEPATH "The compiler for modules" FORCE)
  unset(path)
endif()

# The flags for WASMUP_WASM_CXX. zig lays the stack below the data by itself (and refuses to be told so); a stock clang
# must be told, or a deep recursion overwrites the filter's own text instead of trapping.
function(wasmup_module_flags variable compiler)
  set(flags "@${CMAKE_CURRENT_FUNCTION_LIST_DIR}/module.flags")
  if(NOT compiler MATCHES "zig-c\\+\\+$")
    list(APPEND flags "-Wl,--stack-first")
  endif()
  set(${variable} ${flags} PARENT_SCOPE)
endfunction()

# The same flags, apart: a stock clang that only compiles refuses those that only linking takes.
function(wasmup_module_flags_by_step compile link compiler)
  wasmup_module_flags(all "${compiler}")
  file(STRINGS "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/module.flags" shared)
  list(REMOVE_AT all 0)
  list(APPEND all ${shared})
  set(of_linker "^-(Wl,|mexec-model=)")
  list(FILTER shared EXCLUDE REGEX "${of_linker}")
  list(FILTER all INCLUDE REGEX "${of_linker}")
  set(${compile} "${shared}" PARENT_SCOPE)
  set(${link} "${all}" PARENT_SCOPE)
endfunction()

include("${CMAKE_CURRENT_LIST_DIR}/WasmupSimulation.cmake")

# The fake host, built once where the first test wants it, with the flags of whoever wants it.
function(wasmup_add_testing)
  if(NOT TARGET wasmup_testing)
    set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL ON)
    find_package(GTest REQUIRED)
    find_package(wabt REQUIRED)
    wasmup_find_neighbours()
    add_subdirectory("${WASMUP_DATA_DIR}/testing" "${CMAKE_BINARY_DIR}/wasmup_testing" EXCLUDE_FROM_ALL)
  endif()
endfunction()

function(wasmup_add_filter name)
  cmake_parse_arguments(ARG "ALLOW_ON_HEADERS_STOP_ITERATION" "BUDGET;CONFIGURATION" "SOURCES;TESTS" ${ARGN})
  if(NOT ARG_SOURCES)
    message(FATAL_ERROR "wasmup_add_filter(${name}): SOURCES is missing")
  endif()
  list(TRANSFORM ARG_SOURCES PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
  wasmup_find_neighbours()

  if(CMAKE_SYSTEM_NAME STREQUAL "WASI")
    add_executable(${name}_module ${ARG_SOURCES})
    set_target_properties(${name}_module PROPERTIES OUTPUT_NAME ${name} SUFFIX .wasm)
    target_link_libraries(${name}_module PRIVATE wasmup::wasmup)
    target_compile_options(${name}_module PRIVATE -Wall -Wextra -Wpedantic $<$<BOOL:${WASMUP_WERROR}>:-Werror>)
    return()
  endif()

  if(NOT WASMUP_WASM_CXX)
    message(FATAL_ERROR "no compiler for modules: run ./wasmup setup, or set WASMUP_WASM_CXX to a clang++ >= 19")
  endif()
  wasmup_module_flags(flags "${WASMUP_WASM_CXX}")
  set(module "${CMAKE_CURRENT_BINARY_DIR}/${name}.wasm")
  if(WASMUP_WERROR)
    set(werror -Werror)
  endif()
  file(GLOB_RECURSE sdk CONFIGURE_DEPENDS "${WASMUP_INCLUDE_DIR}/wasmup/*.hpp")
  list(FILTER sdk EXCLUDE REGEX "/testing")
  file(RELATIVE_PATH shown "${CMAKE_BINARY_DIR}" "${module}")
  add_custom_command(
    OUTPUT "${module}"
    COMMAND "${WASMUP_WASM_CXX}" ${flags} -Wall -Wextra -Wpedantic ${werror}
            "-I${WASMUP_INCLUDE_DIR}" ${ARG_SOURCES} -o "${module}"
    DEPENDS ${ARG_SOURCES} ${sdk} "${WASMUP_DATA_DIR}/cmake/module.flags" "${WASMUP_WASM_CXX}"
    COMMENT "Building module ${shown}"
    VERBATIM)
  add_custom_target(${name}_module ALL DEPENDS "${module}")
  set_target_properties(${name}_module PROPERTIES WASMUP_MODULE "${module}")
  if(ARG_BUDGET)
    set_property(GLOBAL APPEND PROPERTY WASMUP_BUDGETS "${name}=${ARG_BUDGET}=${module}")
  endif()

  if(ARG_TESTS)
    include(GoogleTest)  # here, since it leaves variables in the scope of whoever calls
    wasmup_add_testing()
    add_executable(${name}_native_test ${ARG_TESTS} ${ARG_SOURCES})
    target_link_libraries(${name}_native_test PRIVATE wasmup_testing_native)
    wasmup_compile_options(${name}_native_test)
    gtest_discover_tests(${name}_native_test TEST_PREFIX "native/" PROPERTIES LABELS unit TIMEOUT 60)

    add_executable(${name}_module_test ${ARG_TESTS} "${WASMUP_DATA_DIR}/testing/module_path.cpp")
    target_link_libraries(${name}_module_test PRIVATE wasmup_testing_module)
    target_compile_definitions(${name}_module_test PRIVATE WASMUP_MODULE_UNDER_TEST="${module}")
    add_dependencies(${name}_module_test ${name}_module)
    wasmup_compile_options(${name}_module_test)
    gtest_discover_tests(${name}_module_test TEST_PREFIX "module/" PROPERTIES LABELS module TIMEOUT 60)
  endif()
  if(WASMUP_SIMULATION)
    set(setting "")
    if(ARG_ALLOW_ON_HEADERS_STOP_ITERATION)
      set(setting ALLOW_ON_HEADERS_STOP_ITERATION)
    endif()
    wasmup_add_simulation(${name} CONFIGURATION "${ARG_CONFIGURATION}" ${setting} SOURCES ${ARG_SOURCES})
  endif()
endfunction()
