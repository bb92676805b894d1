# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# How the set-up speaks and waits: errors, a line with its time for each step, children that end with us, one at a time.
# All of it goes to standard error: standard output is the program's.

# The entry script's: state, arguments.
# shellcheck disable=SC2154

ticker='' child='' line='' began=0

say() { printf '%s\n' "$*" >&2; }

# fail WHAT SEEN NEXT [CODE]: in the form of the program's own errors; 5 is its code for the environment (cli/error.hpp).
fail() {
  stop_ticker
  say "error: $1"
  [[ -z $2 ]] || say "  $2"
  say "  next: $3"
  exit "${4:-5}"
}

# fail_with_log LOG WHAT NEXT [CODE]: the same, after what the failed program had to say: its first error, or its end.
fail_with_log() {
  local log=$state/log/$1.log lines
  stop_ticker
  mapfile -t lines < <(sed -En '/^E: |^Err:|(^|[^_[:alnum:]])([Ee]rror|ERROR)[: ]/,$p' "$log" | head -n 15)
  ((${#lines[@]} > 0)) || mapfile -t lines < <(tail -n 15 "$log")
  printf '  | %s\n' "${lines[@]}" >&2
  fail "$2" "all that was said: $log" "${@:3}"
}

# The command that was typed, to be typed again.
again() {
  printf '%q' "$0"
  (($# + ${#arguments[@]} == 0)) || printf ' %q' "${arguments[@]}" "$@"
}

# begin TEXT ... finish: a step's line. On a terminal its seconds run, until our shell is gone if nothing else stops them.
begin() {
  line=$1 began=$SECONDS
  printf '%s ...' "$line" >&2
  [[ -t 2 ]] || return 0
  while kill -0 $$ 2>/dev/null; do
    read -rt 1 <> <(:) || printf '\r%s  %d s ' "$line" $((SECONDS - began)) >&2
  done &
  ticker=$!
}

finish() {
  local text="  $((SECONDS - began)) s"
  [[ -z $ticker ]] || text=$'\r'$line$text' '
  line=''
  stop_ticker
  say "$text"
}

stop_ticker() {
  [[ -z $ticker ]] || { kill "$ticker" && wait "$ticker"; } 2>/dev/null || true
  ticker=''
  [[ -z $line ]] || say ""
  line=''
}

# quietly LOG COMMAND...: one program, its output in .wasmup/log/LOG.log. With job control it has a process group of its
# own, by which stop_children ends it and all that it started.
quietly() {
  local log=$state/log/$1.log status=0
  shift
  set -m
  "$@" >"$log" 2>&1 </dev/null &
  child=$!
  set +m
  wait "$child" || status=$?
  child=''
  return "$status"
}

# Whatever ends us, our children end first.
end_with_children() {
  trap 'stop_children; say interrupted; exit 130' INT TERM HUP
  trap stop_children EXIT
}

# Interrupted, not terminated, apt-get stops where no package is left half installed; what is deaf to that is terminated
# after it. What sudo started, only root may stop.
stop_children() {
  stop_ticker
  [[ -n $child ]] || return 0
  say "stopping ..."
  {
    kill -INT -- "-$child" || sudo -n kill -INT -- "-$child"
    wait "$child"
    kill -- "-$child"
  } 2>/dev/null || true
  child=''
}

# One set-up of a project at a time. The lock is ours until the program starts, and of no use to it.
take_lock() {
  exec {lock}>"$state/lock"
  flock -n "$lock" && return
  say "Another wasmup is setting up this project: waiting for it."
  flock "$lock"
}

drop_lock() { exec {lock}>&-; }
