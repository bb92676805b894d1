#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The recipes in a real cluster, in their order, from nothing to nothing; each check that must be able to fail does so.
set -euo pipefail
# shellcheck source=tests/cluster/common.sh
source "$(dirname "$0")/common.sh"
export NAMESPACE=${NAMESPACE:-wasmup-recipes}
group=
trap 'end_background; kubectl delete configmap -n default wasmup-bystander --ignore-not-found >/dev/null; rm -rf "$scratch"' EXIT

# in_background LOG COMMAND...: as a process group of its own, which end_background ends as a whole.
in_background() {
  setsid "${@:2}" >"$scratch/$1" 2>&1 &
  group=$!
}
end_background() {
  [[ -z $group ]] || { kill -- "-$group" 2>/dev/null && wait "$group" 2>/dev/null; } || true
  group=
}

# What was there before must be there afterwards.
does kubectl create configmap -n default wasmup-bystander --from-literal=a=b
classes() { kubectl get gatewayclass --ignore-not-found -o name; }

does just clean
classes_before=$(classes 2>/dev/null || true)
step "clean, with nothing there"
does just install-envoy-gateway
step "install-envoy-gateway"
does just install-envoy-gateway
step "install-envoy-gateway, again"
does just deploy-test
step "deploy-test"
does just deploy-test
step "deploy-test, again"

fails_with 1 just WITHIN=3s test
says "expected  x-wasm-custom: FOO, exactly once"
step "test fails: there is no filter yet"
does just test-absent
step "test-absent: no header without the filter"
does just push-image
step "push-image"
does just apply-wasm
step "apply-wasm"
does just test
step "test: the header is there"
fails_with 1 just WITHIN=3s test-absent
step "test-absent fails with the filter"
fails_with 1 just WITHIN=3s EXPECT=x-wasm-custom=BAR test
says "seen      x-wasm-custom: FOO"
step "test fails with another value"
does just apply-wasm
step "apply-wasm, again"

# Another version, while requests go through: the gateway's answer to each is noted.
cat >"$scratch/load.sh" <<'LOAD'
while :; do curl -s -o /dev/null -w '%{http_code} %header{x-wasm-custom}\n' --max-time 10 -H "Host: www.example.com" "$1/get" || echo "no answer"; done >"$2"
LOAD
in_background load k8s/bin/through-gateway.sh "$NAMESPACE" "${GATEWAY_URL:-}" bash "$scratch/load.sh" {} "$scratch/answers"
does timeout 60 bash -c "until [[ -s '$scratch/answers' ]]; do sleep 0.2; done"
does just FILTER=tests/cluster/filters/bar EXPECT=x-wasm-custom=BAR update
step "update: another module"
does just EXPECT=x-wasm-custom=BAR test
fails_with 1 just WITHIN=3s test
step "the new one serves, and the old one does not"
does just update
does just test
end_background
sort "$scratch/answers" | uniq -c >"$scratch/output"
! grep -qv '^200 ' "$scratch/answers" || broken "200 for every request during the updates"
says "200 FOO"
says "200 BAR"
step "update back: $(wc -l <"$scratch/answers") requests meanwhile, each answered with 200"

status=0
just WITHIN=20s FILTER=tests/cluster/filters/refusing update >"$scratch/output" 2>&1 || status=$?
((status != 0)) || broken "an update to a module that refuses its configuration to fail"
does just test
step "update to a filter that does not start fails, and the old one serves on"

status=0
just WITHIN=20s FILTER=tests/cluster/filters/twice update >"$scratch/output" 2>&1 || status=$?
((status != 0)) || broken "an update to a filter that doubles the header to fail"
does just test
step "update to a filter that doubles the header fails, and the old one serves on"

# The tag is now that of a filter that was refused, and the policy must be able to do without it: a controller that starts
# pulls the image again.
controller=deployment/envoy-gateway
does kubectl -n envoy-gateway-system rollout restart "$controller"
does kubectl -n envoy-gateway-system rollout status "$controller" --timeout=2m
does timeout 120 bash -c "until kubectl -n envoy-gateway-system logs $controller 2>/dev/null | grep -q 'fetching image'; do sleep 1; done"
does kubectl -n "$NAMESPACE" wait envoyextensionpolicy/wasm-add-header --timeout=60s \
  --for='jsonpath={.status.ancestors[0].conditions[?(@.type=="Accepted")].status}=True'
does just test
step "a controller that starts anew finds the image, though its tag has moved"

in_background forward just PORT=18099 port-forward
does just PORT=18099 test-local
fails_with 1 just WITHIN=3s PORT=18099 EXPECT=x-wasm-custom=BAR test-local
end_background
fails_with 5 just WITHIN=3s PORT=18099 test-local
step "port-forward and test-local"

does just remove-wasm
step "remove-wasm"
does just test-absent
fails_with 1 just WITHIN=3s test
step "test fails again"
does just remove-wasm
step "remove-wasm, with nothing there"

does just clean
step "clean"
[[ -z $(kubectl get namespace "$NAMESPACE" --ignore-not-found -o name) ]] || broken "namespace $NAMESPACE to be gone"
[[ -z $(kubectl -n envoy-gateway-system get deployment -l "gateway.envoyproxy.io/owning-gateway-namespace=$NAMESPACE" -o name) ]] ||
  does timeout 60 kubectl -n envoy-gateway-system wait deployment -l "gateway.envoyproxy.io/owning-gateway-namespace=$NAMESPACE" --for=delete
[[ $(classes) == "$classes_before" ]] || broken "the gateway classes of before: $classes_before"
does kubectl -n envoy-gateway-system rollout status deployment/envoy-gateway --timeout=10s
does kubectl get configmap -n default wasmup-bystander
step "nothing else was removed"
does just clean
step "clean, again"
