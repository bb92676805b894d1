#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# port-forward.sh NAMESPACE PORT: this machine's PORT (on loopback) to the gateway, until Ctrl-C. Finds the Service that Envoy
# Gateway made by its labels, since its name has a hash in it, and waits until its proxy is up.
set -euo pipefail
# shellcheck source=k8s/bin/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
namespace=$1 port=$2
labels=gateway.envoyproxy.io/owning-gateway-name=eg,gateway.envoyproxy.io/owning-gateway-namespace=$namespace

need_cluster
service=$(kubectl -n "$gateway_system" get service --selector "$labels" -o name)
[[ -n $service ]] || fail "the gateway has no Service" "none of gateway eg in $namespace" "just deploy-test" 6
kubectl -n "$gateway_system" wait deployment --selector "$labels" --for=condition=Available --timeout=2m >&2
say "http://127.0.0.1:$port/ is the gateway; in another terminal: just test-local"
# In place of this script: Ctrl-C ends it, and nothing is left behind.
exec kubectl -n "$gateway_system" port-forward --address 127.0.0.1 "$service" "$port:80"
