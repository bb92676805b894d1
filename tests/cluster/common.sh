# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the tests in a cluster share. Sourced.
# shellcheck disable=SC2034
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root" || exit 1
PATH=$PATH:$root/.wasmup/venv/bin
scratch=$(mktemp -d)
start=${EPOCHREALTIME/./}

# step TEXT: done, and how long it took since the step before.
step() {
  local now=${EPOCHREALTIME/./}
  printf 'ok      %-64s %4d.%d s\n' "$1" $(((now - start) / 1000000)) $(((now - start) / 100000 % 10))
  start=$now
}

broken() {
  printf 'FAILED  %s\n' "$1"
  [[ ! -s $scratch/output ]] || sed 's/^/        /' "$scratch/output"
  exit 1
}

# does COMMAND...: must succeed. fails_with CODE COMMAND...: must not, and with this code. What they say is in $scratch/output.
does() { "$@" >"$scratch/output" 2>&1 || broken "$* (exit code $?)"; }
fails_with() {
  local code=$1 status=0
  shift
  "$@" >"$scratch/output" 2>&1 || status=$?
  [[ $status == "$code" ]] || broken "exit code $code, not $status, of: $*"
}
says() { grep -qF -- "$1" "$scratch/output" || broken "to be said: $1"; }
