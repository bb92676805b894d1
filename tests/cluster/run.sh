#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# run.sh [NAME...]: every tests/cluster/NAME_test.sh, one after the other, in the cluster of $KUBECONFIG. They install Envoy
# Gateway there if it is missing, make what they need and remove it again. IMAGE names a registry to push to, PULL_IMAGE what
# the gateway calls it where that differs; see docs/kubernetes.md.
set -uo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
names=("$@")
((${#names[@]} > 0)) || names=(manifests recipes doctor)
passed=0 failed=0
for name in "${names[@]}"; do
  script=$folder/${name}_test.sh
  start=$SECONDS
  printf '=== %s\n' "$name"
  if "$script"; then
    passed=$((passed + 1))
    printf '=== %s passed, %d s\n' "$name" $((SECONDS - start))
  else
    failed=$((failed + 1))
    printf '=== %s FAILED, %d s\n' "$name" $((SECONDS - start))
  fi
done
echo "$passed passed, $failed failed"
((failed == 0))
