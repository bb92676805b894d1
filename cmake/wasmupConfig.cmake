# find_package(wasmup): the SDK as wasmup::wasmup, and wasmup_add_filter() for modules and their tests. The package may be
# moved as a whole; in the repository it works where it lies.
include("${CMAKE_CURRENT_LIST_DIR}/WasmupCompile.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/WasmupFilter.cmake")
if(NOT TARGET wasmup::wasmup)
  wasmup_find_neighbours()
  add_library(wasmup::wasmup INTERFACE IMPORTED)
  target_compile_features(wasmup::wasmup INTERFACE cxx_std_20)
  target_include_directories(wasmup::wasmup INTERFACE "${WASMUP_INCLUDE_DIR}")
endif()
