# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the tests of scripts on a machine of stubs expect: of status and output, which the last run has set, and of
# $MACHINE/calls, where the stubs write what they are called with. Sourced.

broken() {
  printf 'expected %s\n--- status %s, said:\n%s\n--- calls:\n' "$1" "${status:-}" "${output:-}"
  cat "$MACHINE/calls"
  exit 1
}
exits_with() { [[ $status == "$1" ]] || broken "status $1"; }
says() { [[ $output == *"$1"* ]] || broken "to be said: $1"; }
does_not_say() { [[ $output != *"$1"* ]] || broken "not to be said: $1"; }
calls() { grep -qF -- "$1" "$MACHINE/calls" || broken "a call: $1"; }
does_not_call() { ! grep -qF -- "$1" "$MACHINE/calls" || broken "no call: $1"; }
forget_calls() { : >"$MACHINE/calls"; }
