# cmake --install, and the Debian package: the program, the SDK, and in share/wasmup what both need of this repository.
# Nothing in it knows where it lies.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(data share/wasmup)
if(SKBUILD)
  set(CMAKE_INSTALL_BINDIR "${SKBUILD_SCRIPTS_DIR}")  # a wheel's programs have a folder of their own until it is installed
endif()
install(TARGETS wasmup_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
if(WASMUP_SELF_CONTAINED)
  # The older of the two kinds of run path, which holds for what the libraries themselves need too.
  set_target_properties(wasmup_program PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/wasmup")
  target_link_options(wasmup_program PRIVATE -Wl,--disable-new-dtags)
  install(CODE "set(program \"$<TARGET_FILE:wasmup_program>\")")
  install(SCRIPT cmake/install_libraries.cmake)
endif()
install(DIRECTORY include/ DESTINATION include)
install(DIRECTORY testing templates DESTINATION "${data}")
write_basic_package_version_file("${CMAKE_BINARY_DIR}/wasmupConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  cmake/wasmupConfig.cmake "${CMAKE_BINARY_DIR}/wasmupConfigVersion.cmake" cmake/WasmupCompile.cmake
  cmake/WasmupFilter.cmake cmake/WasmupSimulation.cmake cmake/module.flags cmake/wasm-toolchain.cmake
  DESTINATION "${data}/cmake")
install(DIRECTORY cmake/Platform DESTINATION "${data}/cmake")
install(FILES requirements/other_sdks.lock DESTINATION "${data}/requirements")  # the Go that builds Envoy Gateway
install(PROGRAMS cmake/bin/zig-c++ DESTINATION "${data}/bin")
set(shell "${CMAKE_BINARY_DIR}/cli")
install(FILES "${shell}/wasmup.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${shell}/wasmup.bash" DESTINATION share/bash-completion/completions RENAME wasmup)
install(FILES "${shell}/wasmup.zsh" DESTINATION share/zsh/site-functions RENAME _wasmup)
install(FILES "${shell}/wasmup.fish" DESTINATION share/fish/vendor_completions.d)
install(FILES README.md CHANGELOG.md LICENSE DESTINATION share/doc/wasmup)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME wasmup)
set(CPACK_PACKAGE_CONTACT "The wasmup project")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "C++ source to a Proxy-Wasm filter in Envoy")
set(CPACK_PACKAGE_DESCRIPTION "A header-only SDK for Proxy-Wasm filters in C++20, a fake host for their tests, and\n\
 one program that builds, checks and serves them in a real Envoy.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# A compiler for modules, and what their tests are built with. There is no Debian package of Envoy or zig.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS
  "clang-19, lld-19, libc++-19-dev-wasm32, libclang-rt-19-dev-wasm32, wasi-libc, cmake, ninja-build, g++, \
libgtest-dev, libgmock-dev, wabt, libssl-dev, zlib1g-dev")
set(CPACK_STRIP_FILES ON)
include(CPack)
