# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the recipes' scripts share. Sourced.
# shellcheck disable=SC2034

gateway_system=envoy-gateway-system

say() { printf '%s\n' "$*" >&2; }

# fail WHAT SEEN NEXT [CODE]
fail() {
  say "error: $1"
  [[ -z $2 ]] || say "  $2"
  say "  next: $3"
  exit "${4:-5}"
}

# need PROGRAM...: refuses to go on without them, and says where each is to be had.
need() {
  local program from
  for program; do
    command -v "$program" >/dev/null && continue
    case $program in
      kubectl) from="https://kubernetes.io/docs/tasks/tools/" ;;
      helm) from="https://helm.sh/docs/intro/install/" ;;
      kind) from="https://kind.sigs.k8s.io/docs/user/quick-start/#installation" ;;
      docker) from="https://docs.docker.com/get-docker/" ;;
      skopeo) from="apt-get install skopeo, or https://github.com/containers/skopeo" ;;
      *) from="your system's packages" ;;
    esac
    fail "$program is needed and not there" "not on the PATH" "get it: $from"
  done
}

# A cluster that answers, or the end.
need_cluster() {
  local seen
  need kubectl
  seen=$(kubectl version --request-timeout=10s 2>&1 >/dev/null) ||
    fail "no Kubernetes cluster answers" "${seen%%$'\n'*}" "just kind-create, or name another cluster in KUBECONFIG"
}

# apply ARGUMENTS...: server-side, as a manager of our own: what others have set in the same objects stays theirs.
apply() { kubectl apply --server-side --field-manager=wasmup-recipes "$@"; }

# An object that is there and does not say that it is of this project: made by someone else.
is_anothers() {
  local part
  part=$(kubectl get "$@" --ignore-not-found -o 'jsonpath={.metadata.name}={.metadata.labels.app\.kubernetes\.io/part-of}') || exit 6
  [[ -n $part && $part != *=wasmup ]]
}

# objects NAMESPACE KIND_COMPONENT: the folder of a kustomization of k8s, in that namespace, with kind's addition or without.
write_kustomization() {
  local namespace=$1 in_kind=$2 folder=$WASMUP_PROJECT/build/k8s
  mkdir -p "$folder"
  {
    echo "resources: [../../k8s]"
    [[ -z $in_kind ]] || echo "components: [../../k8s/kind]"
    echo "namespace: $namespace"
  } >"$folder/kustomization.yaml"
  echo "$folder"
}
