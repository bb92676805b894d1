#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# run.sh [NAME...]: every tests/cluster/NAME_test.sh, one after the other, in the cluster that kubectl uses. They install Envoy
# Gateway there if it is missing, which stays; what else they make goes again. IMAGE names a registry to push to, PULL_IMAGE
# what the gateway calls it where that differs; see docs/kubernetes.md.
set -uo pipefail
folder=$(cd "$(dirname "$0")" && pwd)
names=("$@")
((${#names[@]} > 0)) || names=(manifests recipes doctor)
made_class=no
# The doctor's test breaks a cluster that works: one with a class for its gateways.
[[ " ${names[*]} " != *" doctor "* ]] || kubectl get gatewayclass eg >/dev/null 2>&1 || made_class=yes
class() { kubectl "$@" -f - <<<"$(sed '/^---$/,$d' "$folder/../../k8s/gateway.yaml")" >/dev/null; }
passed=0 failed=0
for name in "${names[@]}"; do
  script=$folder/${name}_test.sh
  start=$SECONDS
  [[ $name$made_class != doctoryes ]] || class apply --server-side --field-manager=test
  printf '=== %s\n' "$name"
  if "$script"; then
    passed=$((passed + 1))
    printf '=== %s passed, %d s\n' "$name" $((SECONDS - start))
  else
    failed=$((failed + 1))
    printf '=== %s FAILED, %d s\n' "$name" $((SECONDS - start))
  fi
done
[[ $made_class == no ]] || class delete --ignore-not-found --timeout=60s
echo "$passed passed, $failed failed"
((failed == 0))
