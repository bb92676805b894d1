#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# Every manifest of k8s/ before a real API server with Envoy Gateway's definitions: taken as it is, refused when broken.
set -euo pipefail
# shellcheck source=tests/cluster/common.sh
source "$(dirname "$0")/common.sh"
trap 'kubectl delete namespace wasmup-manifests --ignore-not-found --wait=false >/dev/null; rm -rf "$scratch"' EXIT

kubectl get crd envoyextensionpolicies.gateway.envoyproxy.io gateways.gateway.networking.k8s.io >/dev/null 2>&1 ||
  does just install-envoy-gateway
step "the definitions of Envoy Gateway are there"

# The namespace of this test instead of wasmup: what is asked of the server must not touch an example that runs.
does kubectl create namespace wasmup-manifests --dry-run=server
sed 's/name: wasmup$/name: wasmup-manifests/' k8s/namespace.yaml | does kubectl apply --server-side --field-manager=test -f -
in_namespace() { sed 's/namespace: wasmup$/namespace: wasmup-manifests/' "$1"; }

# ask_server FILE: what it would make of it, with fields that it does not know being errors.
ask_server() { kubectl apply --server-side --field-manager=test --validate=strict --dry-run=server -f "$1"; }

for file in backend gateway httproute wasm-policy-route wasm-policy-gateway wasm-policy-http; do
  in_namespace k8s/$file.yaml >"$scratch/$file.yaml"
  # A gateway class belongs to the whole cluster, and may be another's: asked for under another name.
  sed -i '/kind: GatewayClass/,/---/s/name: eg$/name: eg-manifests/' "$scratch/$file.yaml"
  does ask_server "$scratch/$file.yaml"
  step "k8s/$file.yaml is taken"
done
does ask_server k8s/namespace.yaml
step "k8s/namespace.yaml is taken"
mkdir -p build/cluster-test
for components in '' 'components: [../../k8s/kind]'; do
  printf 'resources: [../../k8s]\nnamespace: wasmup-manifests\n%s\n' "$components" >build/cluster-test/kustomization.yaml
  does kubectl apply --server-side --field-manager=test --validate=strict --dry-run=server -k build/cluster-test \
    --selector '!app.kubernetes.io/component'
done
step "k8s is taken as a whole, with kind's addition and without"
sed 's/# - wasm-policy/- wasm-policy/; s|newName: .*|newName: example.com/ada/filter|; s|newTag: .*|newTag: v7|' \
  k8s/kustomization.yaml >"$scratch/kustomization.yaml"
cp k8s/*.yaml build/cluster-test && cp "$scratch/kustomization.yaml" build/cluster-test && rm build/cluster-test/kind.yaml
does kubectl kustomize build/cluster-test
says "url: example.com/ada/filter:v7"
rm -r build/cluster-test
step "one image for all policies, through kustomize"

# refused FILE SED WORDS: the file, changed so, is refused with these words.
refused() {
  sed -E "$2" "$scratch/$1.yaml" >"$scratch/broken.yaml"
  ! cmp -s "$scratch/$1.yaml" "$scratch/broken.yaml" || broken "$1.yaml to be changed by $2"
  fails_with 1 ask_server "$scratch/broken.yaml"
  says "$3"
  step "$1.yaml with $2 is refused"
}
refused wasm-policy-route 's/rootID:/rootId:/' 'rootId'
refused wasm-policy-route 's/failOpen: true/failOpen: sometimes/' 'failOpen'
refused wasm-policy-route 's/type: Image/type: HTTP/' 'If type is HTTP'
refused wasm-policy-route 's/type: Image/type: File/' 'Unsupported value'
refused wasm-policy-route 's/kind: HTTPRoute/kind: Ingress/' 'targetRef'
refused wasm-policy-route 's/( +)url: .*/\1sha256: abc/' 'url'
refused wasm-policy-gateway 's/group: gateway.networking.k8s.io/group: example.com/' 'targetRef'
refused wasm-policy-http 's/type: HTTP$/type: Image/' 'If type is'
refused wasm-policy-http 's/http:$/htpp:/' 'htpp'
refused gateway 's/port: 80/port: 80000/' 'port'
refused gateway 's/gatewayClassName: eg/className: eg/' 'className'
refused httproute 's/www.example.com/"http:\/\/www.example.com"/' 'hostnames'
refused httproute 's/port: 8080/port: 0/' 'port'
refused httproute 's/type: PathPrefix/type: Prefix/' 'Unsupported value'
refused backend 's/containerPort: 8080/containerPort: many/' 'containerPort'
refused backend 's/memory: 128Mi/memory: lots/' 'quantities'

# The namespace takes pods of the restricted kind alone: the backend's is one, and is none without its security context.
pod() {
  printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: probe, namespace: wasmup-manifests}\nspec:\n'
  sed -n '/^    spec:$/,/^---$/p' "$scratch/backend.yaml" | sed '1d; s/^    //; /serviceAccountName/d'
}
pod >"$scratch/pod.yaml"
does ask_server "$scratch/pod.yaml"
grep -v 'runAsNonRoot' "$scratch/pod.yaml" >"$scratch/broken.yaml"
fails_with 1 ask_server "$scratch/broken.yaml"
says 'violates PodSecurity "restricted'
step "the backend's pod is of the restricted kind"
