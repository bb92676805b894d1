#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# kind.sh create|delete NAME [KUBECONFIG...]: a kind cluster with a registry beside it, as kind's guide to local registries has
# it: pushed to as localhost:5001, pulled from by the nodes under the same name, and by pods, such as Envoy Gateway's controller,
# as registry.wasmup-registry:5000.
set -euo pipefail
WASMUP_PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=k8s/bin/common.sh
source "$WASMUP_PROJECT/k8s/bin/common.sh"

registry=kind-registry      # the container
port=5001                   # of this machine
registry_namespace=wasmup-registry

cluster_exists() { grep -qxF -- "$1" <<<"$(kind get clusters 2>/dev/null)"; }

run_registry() {
  case $(docker inspect -f '{{.State.Running}}' "$registry" 2>/dev/null || true) in
    true) ;;
    false) docker start "$registry" >/dev/null ;;
    *) docker run -d --restart=always -p "127.0.0.1:$port:5000" --network bridge --name "$registry" registry:3 >/dev/null ;;
  esac
}

# In a node, localhost is the node itself: its containerd is told where localhost:5001 really is.
tell_nodes() {
  local node folder=/etc/containerd/certs.d/localhost:$port
  for node in $(kind get nodes --name "$1"); do
    docker exec "$node" mkdir -p "$folder"
    docker exec -i "$node" cp /dev/stdin "$folder/hosts.toml" <<<"[host.\"http://$registry:5000\"]"
  done
}

join_network() {
  [[ $(docker inspect -f '{{json .NetworkSettings.Networks.kind}}' "$registry") != null ]] ||
    docker network connect kind "$registry"
}

create() {
  local name=$1
  need docker kind kubectl
  docker info >/dev/null 2>&1 || fail "no Docker engine answers" "docker info" "start Docker; then: just kind-create"
  run_registry
  if cluster_exists "$name"; then
    say "cluster $name is there already"
  else
    kind create cluster --name "$name" --config "$WASMUP_PROJECT/k8s/kind.yaml" --wait 3m
  fi
  kubectl config use-context "kind-$name" >/dev/null
  tell_nodes "$name"
  join_network
  tell_cluster "$(docker inspect -f '{{.NetworkSettings.Networks.kind.IPAddress}}' "$registry")" 5000 "localhost:$port"
}

# tell_cluster ADDRESS PORT HOST: a name inside the cluster for a registry outside it, and the documented place where tools
# look for a cluster's own registry.
tell_cluster() {
  apply -f - <<EOF
apiVersion: v1
kind: Namespace
metadata: {name: $registry_namespace, labels: {app.kubernetes.io/part-of: wasmup}}
---
apiVersion: v1
kind: Service
metadata: {name: registry, namespace: $registry_namespace}
spec:
  ports: [{name: http, port: 5000, targetPort: $2}]
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: registry, namespace: $registry_namespace, labels: {kubernetes.io/service-name: registry}}
addressType: IPv4
endpoints: [{addresses: [$1], conditions: {ready: true}}]
ports: [{name: http, port: $2, protocol: TCP}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: local-registry-hosting, namespace: kube-public}
data:
  localRegistryHosting.v1: |
    host: "$3"
    hostFromClusterNetwork: "registry.$registry_namespace.svc.cluster.local:5000"
    help: "https://kind.sigs.k8s.io/docs/user/local-registry/"
EOF
}

delete() {
  need docker kind
  if cluster_exists "$1"; then
    kind delete cluster --name "$1"
  else
    say "there is no cluster $1"
  fi
  # The registry is shared by all kind clusters of this machine, and goes with the last of them.
  [[ -n $(kind get clusters 2>/dev/null) ]] || docker rm -f "$registry" >/dev/null 2>&1 || true
}

case ${1:-} in
  create | delete | tell_cluster) "$@" ;;
  *) fail "kind.sh does not know ${1:-what to do}" "" "k8s/bin/kind.sh create|delete NAME" 2 ;;
esac
