#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# through-gateway.sh NAMESPACE URL COMMAND... : runs the command with every {} in it replaced by the gateway's URL: URL when
# it is not empty, else the gateway's address, else a port of this machine that is forwarded to it for so long.
set -euo pipefail
# shellcheck source=k8s/bin/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
namespace=$1 url=$2
shift 2

service() {
  kubectl -n "$gateway_system" get service -o name --selector \
    "gateway.envoyproxy.io/owning-gateway-name=eg,gateway.envoyproxy.io/owning-gateway-namespace=$namespace"
}

forward() {
  local target log=$scratch/port-forward.log deadline=$((SECONDS + 30))
  target=$(service)
  [[ -n $target ]] || fail "the gateway has no Service" "none of gateway eg in $namespace" "just deploy-test" 6
  kubectl -n "$gateway_system" port-forward "$target" :80 >"$log" 2>&1 &
  child=$!
  until url=$(sed -nE 's|^Forwarding from (127\.0\.0\.1:[0-9]+) .*|http://\1|p' "$log") && [[ -n $url ]]; do
    if ! kill -0 "$child" 2>/dev/null || ((SECONDS > deadline)); then
      fail "no way to the gateway could be opened" "$(tail -n1 "$log")" "./wasmup doctor" 6
    fi
    sleep 0.1
  done
}

child=
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"; [[ -z $child ]] || { kill "$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; }' EXIT
if [[ -z $url ]]; then
  need_cluster
  address=$(kubectl -n "$namespace" get gateway eg -o 'jsonpath={.status.addresses[0].value}') ||
    fail "there is no gateway eg in namespace $namespace" "" "just deploy-test" 6
  if [[ -n $address ]]; then url=http://$address; else forward; fi
fi
"${@//'{}'/$url}"
