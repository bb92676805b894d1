# find_package(wasmup): the SDK as wasmup::wasmup, and wasmup_add_filter() for modules and their tests. The package may be
# moved as a whole. With a toolchain for modules (cmake/wasm-toolchain.cmake) nothing native is looked for.
if(NOT TARGET wasmup::wasmup)
  get_filename_component(wasmup_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  add_library(wasmup::wasmup INTERFACE IMPORTED)
  target_compile_features(wasmup::wasmup INTERFACE cxx_std_20)
  target_include_directories(wasmup::wasmup INTERFACE "${wasmup_prefix}/include")
  unset(wasmup_prefix)
endif()
include("${CMAKE_CURRENT_LIST_DIR}/WasmupCompile.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/WasmupFilter.cmake")
