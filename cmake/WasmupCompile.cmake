# wasmup_compile_options(TARGET [STANDARD 20|23]): what every native target of this repository is built with.
function(wasmup_compile_options target)
  cmake_parse_arguments(ARG "" "STANDARD" "" ${ARGN})
  if(NOT ARG_STANDARD)
    set(ARG_STANDARD 20)
  endif()
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD ${ARG_STANDARD} CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic $<$<BOOL:${WASMUP_WERROR}>:-Werror>
    # g++ 12, when it optimises, sees overlapping copies in std::string code where there are none (GCC bug 105651), a virtual
    # function behind every pointer to a member, and uninitialised members in large braced lists.
    $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict;-Wno-array-bounds;-Wno-maybe-uninitialized>)
  if(WASMUP_SANITIZE)
    target_compile_options(${target} PUBLIC -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(${target} PUBLIC -fsanitize=address,undefined)
  endif()
endfunction()
