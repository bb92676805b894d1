#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# clean.sh NAMESPACE: removes what deploy-test and apply-wasm made, by its label, and nothing else: a namespace that holds
# something of others stays, and so does a gateway class that others use. Every wait ends.
set -euo pipefail
# shellcheck source=k8s/bin/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
namespace=$1
ours=app.kubernetes.io/part-of=wasmup

# Whether a kind of object is known to the cluster.
known() { kubectl get crd "$1" -o name >/dev/null 2>&1; }

# remove ARGUMENTS...: deletes, and waits until the objects are gone. One that a finalizer holds although nobody is left to take
# it off (its controller was removed first) is freed.
remove() {
  kubectl delete --ignore-not-found --timeout=90s "$@" && return
  local held
  [[ -z $(kubectl -n "$gateway_system" get deployment envoy-gateway --ignore-not-found -o 'jsonpath={.status.availableReplicas}') ]] ||
    fail "these are not gone after 90 seconds" "$*" "./wasmup doctor" 6
  for held in $(kubectl get "$@" --ignore-not-found -o name); do
    say "$held: its controller is gone; taking off its finalizer"
    kubectl patch "$held" --type=merge --patch '{"metadata":{"finalizers":null}}' ${in_namespace[@]+"${in_namespace[@]}"}
  done
}

# What is in the namespace that neither this project nor Kubernetes itself put there.
anothers_objects() {
  local kinds
  kinds=$(kubectl api-resources --verbs=list,delete --namespaced -o name | grep -vE '^(events|endpoints|leases|.*\.metrics\.k8s\.io)' | paste -sd,)
  kubectl -n "$namespace" get "$kinds" --ignore-not-found -o name \
    --selector '!app.kubernetes.io/part-of,app.kubernetes.io/managed-by!=envoy-gateway' 2>/dev/null |
    grep -vE '^(configmap/kube-root-ca.crt|serviceaccount/default)$' || true
}

need_cluster
in_namespace=(-n "$namespace")
if [[ -n $(kubectl get namespace "$namespace" --ignore-not-found -o name) ]]; then
  # From the outside in: what hangs on the gateway first, so that its controller can let go of it.
  if known envoyextensionpolicies.gateway.envoyproxy.io; then
    remove envoyextensionpolicy wasm-add-header wasm-add-header-gateway -n "$namespace"
  fi
  for kind in envoyextensionpolicies.gateway.envoyproxy.io httproutes.gateway.networking.k8s.io \
    gateways.gateway.networking.k8s.io envoyproxies.gateway.envoyproxy.io; do
    if known "$kind"; then remove "$kind" -n "$namespace" --selector "$ours"; fi
  done
  remove deployment,service,serviceaccount -n "$namespace" --selector "$ours"
  in_namespace=()
  if ! is_anothers namespace "$namespace"; then
    left=$(anothers_objects)
    if [[ -z $left ]]; then
      remove namespace "$namespace"
    else
      say "namespace $namespace stays: it has $(paste -sd' ' <<<"$left")"
    fi
  fi
fi
in_namespace=()
if known gatewayclasses.gateway.networking.k8s.io && ! is_anothers gatewayclass eg; then
  users=$(kubectl get gateways.gateway.networking.k8s.io -A -o 'jsonpath={range .items[?(@.spec.gatewayClassName=="eg")]}{.metadata.namespace}/{.metadata.name} {end}')
  if [[ -z $users ]]; then
    remove gatewayclass eg
  else
    say "gateway class eg stays: used by $users"
  fi
fi
