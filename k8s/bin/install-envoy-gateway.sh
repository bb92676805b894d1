#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# install-envoy-gateway.sh CHART VERSION: Envoy Gateway by its Helm chart, a reference (oci://…) or a folder; done when its
# controller is up and its cache for modules too. Run again, it brings an installation to that version.
set -euo pipefail
WASMUP_PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=k8s/bin/common.sh
source "$WASMUP_PROJECT/k8s/bin/common.sh"
chart=$1 version=$2

need helm
need_cluster
arguments=("$chart")
[[ $chart != oci://* ]] || arguments+=(--version "$version")

# The chart's hook makes the controller's secrets before the controller is started, at an upgrade too.
if [[ -n $(kubectl -n "$gateway_system" get deployment envoy-gateway --ignore-not-found -o name) ]] &&
  ! helm status eg -n "$gateway_system" >/dev/null 2>&1; then
  say "Envoy Gateway is there, and not by this recipe: it is left at its version"
else
  helm upgrade --install eg "${arguments[@]}" -n "$gateway_system" --create-namespace --wait --timeout 5m >/dev/null ||
    fail "Envoy Gateway could not be installed" "helm's words: above" \
      "kubectl -n $gateway_system get pods,events; a chart of your own: just EG_CHART=FOLDER install-envoy-gateway" 6
fi
kubectl -n "$gateway_system" rollout status deployment/envoy-gateway --timeout=3m

# Ready is not enough: a controller whose cache for modules did not come up at its start is Ready, and refuses every module.
# The doctor looks, and cures it: the secret anew, then a restart. What else it finds in the cluster is not this recipe's.
doctor() {
  "$WASMUP_PROJECT/wasmup" doctor --context "$(kubectl config current-context)" --namespace "$gateway_system" "$@"
}
doctor --fix --yes || true
status=0
report=$(doctor --json) || status=$?
((status <= 1)) || fail "it cannot be told whether Envoy Gateway loads modules" "the doctor ended with exit code $status" "./wasmup doctor"
left=$(grep -oE '"(controller|crd|wasm)-[a-z-]+"' <<<"$report" | sort -u | paste -sd' ') || true
[[ -z $left ]] || fail "Envoy Gateway is installed, and cannot load modules" "found: $left" "./wasmup doctor" 6
