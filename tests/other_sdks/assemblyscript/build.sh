#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# build.sh NODE MODULE: the filter of the AssemblyScript SDK. What is fetched, checked against package-lock.json, and what
# is made stay in MODULE.build.
set -euo pipefail
source=$(cd -- "$(dirname -- "$0")" && pwd)
node=$1 module=$2 work=$2.build
npm=${node%/bin/*}/lib/node_modules/npm/bin/npm-cli.js  # as every Node.js that is not a distribution's has it
mkdir -p "$work"
cp "$source"/{filter.ts,package.json,package-lock.json} "$work"
cd "$work"
"$node" "$npm" ci --loglevel error --ignore-scripts --no-audit --no-fund --cache cache >/dev/null
# The compiler warns of its own library.
"$node" node_modules/assemblyscript/bin/asc filter.ts -b "$module" --optimize --use abort=abort_proc_exit >log 2>&1 || {
  cat log >&2
  exit 1
}
