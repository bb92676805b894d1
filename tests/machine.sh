# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# A machine of one's own: a new Debian in a chroot, gone at the end with all that ran in it. Needs root and debootstrap.
# Its way to the network is this machine's.

# make_machine PACKAGES [SUITE [MIRROR [SCRIPT]]]: with no more than PACKAGES (one,another); the rest is debootstrap's. Sets
# machine, its folder. Its user is ada, who may sudo when there is one.
make_machine() {
  machine=$(mktemp -d)
  chmod 755 "$machine" # it becomes /
  trap 'rm -rf --one-file-system "$machine"' EXIT
  debootstrap --variant=minbase --include="ca-certificates,$1" "${2:-bookworm}" "$machine" "${@:3}" >"$machine.log" ||
    { cat "$machine.log"; exit 1; }
  rm "$machine.log"
  cp /etc/resolv.conf /etc/hosts "$machine/etc"
  [[ ! -e /etc/pip.conf ]] || cp /etc/pip.conf "$machine/etc"
  cp -r /usr/local/share/ca-certificates "$machine/usr/local/share"
  inside root update-ca-certificates >/dev/null 2>&1
  inside root 'useradd --create-home --shell /bin/bash ada'
  [[ ! -d $machine/etc/sudoers.d ]] || echo 'ada ALL=(ALL) NOPASSWD:ALL' >"$machine/etc/sudoers.d/ada"
}

# inside USER COMMAND [FOLDER]: there, with file systems that end with the command, and FOLDER as /mnt.
inside() {
  # shellcheck disable=SC2016
  unshare --mount --propagation private --pid --fork --kill-child bash -euc '
    mount -t proc proc "$1/proc"
    mount -t tmpfs tmpfs "$1/dev/shm"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
    [[ -z ${4:-} ]] || mount --bind -o ro "$4" "$1/mnt"
    exec chroot "$1" su - "$2" -c "$3"' - "$machine" "$@"
}
