# Read by the installed build when WASMUP_SELF_CONTAINED is on, with `program` set: puts the shared libraries that
# the program needs into lib/wasmup, but for the C library, and what their authors ask to be told into share/doc.
set(prefix "$ENV{DESTDIR}${CMAKE_INSTALL_PREFIX}")
file(GET_RUNTIME_DEPENDENCIES
  EXECUTABLES "${program}"
  RESOLVED_DEPENDENCIES_VAR libraries
  PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv|util|anl)\\.so")
file(MAKE_DIRECTORY "${prefix}/lib/wasmup" "${prefix}/share/doc/wasmup/libraries")
foreach(library IN LISTS libraries)
  get_filename_component(name "${library}" NAME)
  file(REAL_PATH "${library}" file)
  message(STATUS "Installing: ${prefix}/lib/wasmup/${name}")
  file(COPY_FILE "${file}" "${prefix}/lib/wasmup/${name}")
  # Debian knows some by the folder they had before /lib became /usr/lib.
  string(REGEX REPLACE "^.*/lib/" "*/lib/" pattern "${file}")
  execute_process(COMMAND dpkg-query -S "${pattern}" OUTPUT_VARIABLE package COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE "[:,].*" "" package "${package}")
  file(COPY_FILE "/usr/share/doc/${package}/copyright" "${prefix}/share/doc/wasmup/libraries/${package}")
endforeach()
