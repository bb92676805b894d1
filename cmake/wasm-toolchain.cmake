# Builds filters as modules with CMake's own rules:  cmake --preset wasm && cmake --build --preset wasm
# The compiler and its flags are those of cmake/WasmupFilter.cmake.
set(CMAKE_SYSTEM_NAME WASI)
set(CMAKE_SYSTEM_PROCESSOR wasm32)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}")  # Platform/WASI

include("${CMAKE_CURRENT_LIST_DIR}/WasmupFilter.cmake")
set(CMAKE_CXX_COMPILER "${WASMUP_WASM_CXX}")
wasmup_module_flags_by_step(flags linker_flags "${WASMUP_WASM_CXX}")
list(TRANSFORM flags REPLACE "^(.*[(].*)$" "'\\1'")  # for the shell
list(JOIN flags " " flags)
list(JOIN linker_flags " " linker_flags)
set(CMAKE_CXX_FLAGS_INIT "${flags}")
set(CMAKE_EXE_LINKER_FLAGS_INIT "${linker_flags}")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)  # a reactor has no main() to link
# Objects are bitcode of a newer LLVM than the system's archiver may know, so that CMake cannot try the compiler out.
set(CMAKE_CXX_COMPILER_WORKS TRUE)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
