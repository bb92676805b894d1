#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The README's two commands on a bare machine, with their times: tests/clean_machine.sh [SUITE [MIRROR [SCRIPT]]], as root
# (the arguments are debootstrap's; SUITE is bookworm unless given). In a new chroot, with nothing more than git, curl,
# python3 and sudo, a normal user clones HEAD and types them, cold and warm.
set -euo pipefail

root=$(git -C "${BASH_SOURCE[0]%/*}" rev-parse --show-toplevel)
# shellcheck source=tests/machine.sh
source "$root/tests/machine.sh"
make_machine curl,git,python3,sudo "$@"

inside ada 'git config --global safe.directory "*" && git clone -q /mnt wasmup' "$root"
for command in "./wasmup run --yes --once" "./wasmup run --yes --once" "./wasmup test --yes" "./wasmup test --yes"; do
  printf '\n=== %s\n' "$command"
  inside ada "cd wasmup && time $command"
done
