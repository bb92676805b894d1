#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# deploy-test.sh NAMESPACE [IN_KIND]: the namespace, the backend, the gateway and the route, and waits until all are up.
# A namespace or gateway class that was there before is used and left as it is.
set -euo pipefail
WASMUP_PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=k8s/bin/common.sh
source "$WASMUP_PROJECT/k8s/bin/common.sh"
namespace=$1 in_kind=${2:-}

need_cluster
kubectl get crd gateways.gateway.networking.k8s.io envoyextensionpolicies.gateway.envoyproxy.io >/dev/null ||
  fail "this cluster has no Envoy Gateway" "its resource definitions are missing" "just install-envoy-gateway" 6

anothers=(none)
if is_anothers namespace "$namespace"; then anothers+=(namespace); fi
if is_anothers gatewayclass eg; then anothers+=(gateway-class); fi
selector=$(IFS=,; echo "app.kubernetes.io/component notin (${anothers[*]})")
apply -k "$(write_kustomization "$namespace" "$in_kind")" --selector "$selector"

kubectl -n "$namespace" rollout status deployment/httpbin --timeout=3m
kubectl -n "$namespace" wait gateway/eg --for=condition=Programmed --timeout=3m || {
  kubectl -n "$namespace" get gateway eg -o 'jsonpath={range .status.conditions[*]}  {.type}: {.status}, {.message}{"\n"}{end}' >&2
  fail "the gateway is not Programmed" "its conditions: above" "./wasmup doctor" 6
}
kubectl -n "$namespace" wait httproute/backend --timeout=1m \
  --for='jsonpath={.status.parents[0].conditions[?(@.type=="Accepted")].status}=True'
