#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The README's two commands on a bare machine, with their times: tests/clean_machine.sh [SUITE [MIRROR [SCRIPT]]], as root
# (the arguments are debootstrap's; SUITE is bookworm unless given). In a new chroot, with nothing more than git, curl,
# python3 and sudo, a normal user clones HEAD and types them, cold and warm. The chroot is gone at the end, and so is all
# that ran in it: it has namespaces of its own.
set -euo pipefail

root=$(git -C "${BASH_SOURCE[0]%/*}" rev-parse --show-toplevel)
machine=$(mktemp -d)
trap 'rm -rf --one-file-system "$machine"' EXIT

# inside USER COMMAND: there, with file systems that end with the command.
inside() {
  # shellcheck disable=SC2016
  unshare --mount --propagation private --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
    mount --bind "$2" "$1/mnt"
    exec chroot "$1" su - "$3" -c "$4"' - "$machine" "$root" "$@"
}

debootstrap --variant=minbase --include=ca-certificates,curl,git,python3,sudo "${1:-bookworm}" "$machine" "${@:2}" >/dev/null

# This machine's way to the network is that one's too.
cp /etc/resolv.conf /etc/hosts "$machine/etc"
[[ ! -e /etc/pip.conf ]] || cp /etc/pip.conf "$machine/etc"
cp -r /usr/local/share/ca-certificates "$machine/usr/local/share"
inside root update-ca-certificates >/dev/null 2>&1

inside root 'useradd --create-home --shell /bin/bash ada'
echo 'ada ALL=(ALL) NOPASSWD:ALL' >"$machine/etc/sudoers.d/ada"
inside ada 'git config --global safe.directory "*" && git clone -q /mnt wasmup'
for command in "./wasmup run --yes --once" "./wasmup run --yes --once" "./wasmup test --yes" "./wasmup test --yes"; do
  printf '\n=== %s\n' "$command"
  inside ada "cd wasmup && time $command"
done
