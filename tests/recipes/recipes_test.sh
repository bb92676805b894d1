#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# The justfile, its scripts, the manifests and the workflows, on a machine of stubs: recipes_test.sh JUST ACTIONLINT CASE.
# Each case is a function that ends in "# test". What a real cluster makes of them is in tests/cluster.
set -euo pipefail

just=$(realpath "$1") actionlint=$(realpath "$2")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export MACHINE
MACHINE=$(mktemp -d)
project="$MACHINE/my project"
trap 'rm -rf "$MACHINE"' EXIT
# shellcheck source=tests/expectations.sh
source "$root/tests/expectations.sh"

# --- the machine ------------------------------------------------------------------------------------------------------

make_machine() {
  local tool
  mkdir -p "$MACHINE/bin" "$project"
  cp -r "$root"/{justfile,versions.env,k8s,CHANGELOG.md} "$project"
  touch "$MACHINE"/{calls,answers}
  for tool in bash cat cp cut dirname env git grep kill mkdir mktemp mv paste rm sed sh sha256sum sleep sort tail tr true; do
    ln -s "$(type -P "$tool")" "$MACHINE/bin/$tool"
  done
  ln -s "$(type -P "$just")" "$MACHINE/bin/just"
  for tool in docker gh helm kind kubectl skopeo; do ln -s "$root/tests/recipes/stubs/program" "$MACHINE/bin/$tool"; done
  ln -s "$root/tests/recipes/stubs/program" "$project/wasmup"
  answer '*config current-context*' 0 'somewhere\n'
}

# answer PATTERN CODE WORDS: what a stub does when it is called so; the latest goes first.
answer() {
  echo "$1|$2|$3" | cat - "$MACHINE/answers" >"$MACHINE/answers.new"
  mv "$MACHINE/answers.new" "$MACHINE/answers"
}

# run COMMAND...: there, in the project; sets status, and output to all that it said.
run() {
  status=0
  output=$(cd "$project" && "${there[@]}" "$@" 2>&1 </dev/null) || status=$?
}
there=(env -i HOME="$MACHINE" MACHINE="$MACHINE" LC_ALL=C PATH="$MACHINE/bin")

evaluates() { [[ $(cd "$project" && "${there[@]}" just "${@:3}" --evaluate "$1") == "$2" ]] || broken "$1 to be $2"; }

# --- the justfile -----------------------------------------------------------------------------------------------------

the_justfile_is_in_just_s_own_layout() {  # test
  run just --fmt --check
  exits_with 0
}

it_has_every_recipe_of_the_rust_project() {  # test
  local recipe
  run just --summary
  for recipe in build build-image push-image kind-create kind-delete install-envoy-gateway deploy-test apply-wasm remove-wasm \
    test port-forward test-local clean all update; do
    [[ " $output " == *" $recipe "* ]] || broken "recipe $recipe"
  done
}

just_alone_lists_recipes_with_what_they_do() {  # test
  local line
  run just
  exits_with 0
  while read -r line; do
    [[ -z $line || $line == "Available recipes:" || $line == \[*\] || $line == *" # "* ]] || broken "a description: $line"
  done <<<"$output"
  says "[module]"
  says "[cluster]"
}

every_recipe_s_shell_is_sound() {  # test
  local recipe
  run just --summary
  for recipe in $output; do
    (cd "$project" && "${there[@]}" just --set VERSION v1 --dry-run "$recipe") 2>"$MACHINE/body.sh"
    shellcheck --shell=sh "$MACHINE/body.sh" || broken "recipe $recipe to pass shellcheck"
  done
}

the_documents_name_every_recipe_and_no_other() {  # test
  local named
  run just --summary
  # shellcheck disable=SC2016
  named=$(sed -n '/^## The recipes/,/^## A walk/s/^| `just \([a-z-]*\)` .*/\1/p' "$root/docs/kubernetes.md" | sort | paste -sd' ')
  [[ $(tr ' ' '\n' <<<"$output" | sort | paste -sd' ') == "$named" ]] || broken "in docs/kubernetes.md: $named"
}

troubleshooting_names_findings_that_the_doctor_has() {  # test
  local finding
  # shellcheck disable=SC2016
  [[ $(grep -cE '^\|.*\| `[a-z]+-[a-z-]+`.* \|$' "$root/docs/kubernetes.md") -gt 10 ]] || broken "findings in docs/kubernetes.md"
  # shellcheck disable=SC2016
  for finding in $(sed -n '/^## When it does not work/,/^## Testing/s/^|.*|\([^|]*\)|$/\1/p' "$root/docs/kubernetes.md" |
    grep -oE '`[a-z]+-[a-z-]+`' | tr -d '`'); do
    grep -qF "\`$finding\`" "$root/docs/doctor.md" || broken "$finding in docs/doctor.md"
  done
}

the_image_is_named_after_the_repository_s_owner() {  # test
  evaluates image ghcr.io/OWNER/wasmup
  git -C "$project" init -q
  git -C "$project" remote add origin git@github.com:Ada/Filters.git
  evaluates image ghcr.io/ada/filters
  git -C "$project" remote set-url origin https://github.com/Ada/wasmup
  evaluates image ghcr.io/ada/wasmup
  evaluates pull_image ghcr.io/ada/wasmup
  git -C "$project" remote set-url origin /srv/github/ada/wasmup
  evaluates image ghcr.io/OWNER/wasmup
  evaluates image example.com/a/b --set IMAGE example.com/a/b
}

in_kind_the_image_is_in_its_own_registry() {  # test
  answer '*config current-context*' 0 'kind-wasmup-test\n'
  evaluates image localhost:5001/wasmup
  evaluates pull_image registry.wasmup-registry.svc.cluster.local:5000/wasmup
  evaluates gateway_url http://127.0.0.1:8088
  evaluates image example.com/a/b --set IMAGE example.com/a/b
  evaluates image ghcr.io/OWNER/wasmup --set CLUSTER_NAME another
}

what_is_set_for_all_holds_for_each_of_its_steps() {  # test
  run just IMAGE=localhost:1/x VERSION=v9 NAMESPACE=elsewhere all
  calls "kind create cluster --name wasmup-test"
  calls "wasmup push localhost:1/x:v9 --from build/image"
  calls "wasmup push localhost:1/x:latest --from build/image"
}

# --- the scripts ------------------------------------------------------------------------------------------------------

a_missing_program_is_named_with_where_to_get_it() {  # test
  rm "$MACHINE/bin/kubectl"
  run just deploy-test
  exits_with 5
  says "error: kubectl is needed and not there"
  says "next: get it: https://kubernetes.io/"
  rm "$MACHINE/bin/kind"
  run just kind-create
  exits_with 5
  says "error: kind is needed and not there"
}

a_cluster_that_does_not_answer_is_told() {  # test
  answer 'kubectl version*' 1 ''
  run just deploy-test
  exits_with 5
  says "error: no Kubernetes cluster answers"
}

kind_create_makes_a_cluster_that_knows_the_registry() {  # test
  answer 'docker inspect -f {{.State.Running}}*' 1 ''
  answer 'docker inspect -f {{json*' 0 'null\n'
  answer 'docker inspect -f {{.NetworkSettings.Networks.kind.IPAddress}}*' 0 '172.18.0.3\n'
  answer 'kind get nodes*' 0 'node-1\nnode-2\n'
  run just kind-create
  exits_with 0
  calls "docker run -d --restart=always -p 127.0.0.1:5001:5000 --network bridge --name kind-registry registry:3"
  calls "kind create cluster --name wasmup-test --config $project/k8s/kind.yaml"
  calls "docker exec -i node-2 cp /dev/stdin /etc/containerd/certs.d/localhost:5001/hosts.toml"
  calls '  [host."http://kind-registry:5000"]'
  calls "docker network connect kind kind-registry"
  calls "  endpoints: [{addresses: [172.18.0.3]"
  calls '    host: "localhost:5001"'
}

kind_create_again_changes_nothing() {  # test
  answer 'docker inspect -f {{.State.Running}}*' 0 'true\n'
  answer 'docker inspect -f {{json*' 0 '{}\n'
  answer 'kind get clusters' 0 'wasmup-test\n'
  run just kind-create
  exits_with 0
  does_not_call "docker run"
  does_not_call "kind create"
  does_not_call "network connect"
}

kind_delete_leaves_the_registry_to_other_clusters() {  # test
  answer 'kind get clusters' 0 'wasmup-test\nanother\n'
  run just kind-delete
  exits_with 0
  calls "kind delete cluster --name wasmup-test"
  does_not_call "docker rm"
}

helm_gets_the_version_for_a_reference_alone() {  # test
  run just install-envoy-gateway
  exits_with 0
  calls "helm upgrade --install eg oci://docker.io/envoyproxy/gateway-helm --version v"
  calls "wasmup doctor --context somewhere --namespace envoy-gateway-system --fix --yes"
  forget_calls
  run just EG_CHART=/charts/gateway-helm install-envoy-gateway
  calls "helm upgrade --install eg /charts/gateway-helm -n envoy-gateway-system"
}

an_envoy_gateway_of_others_is_left_at_its_version() {  # test
  answer 'kubectl -n envoy-gateway-system get deployment*' 0 'deployment.apps/envoy-gateway\n'
  answer 'helm status*' 1 ''
  run just install-envoy-gateway
  exits_with 0
  does_not_call "helm upgrade"
  calls "wasmup doctor --context"
}

an_envoy_gateway_that_cannot_load_modules_is_not_installed() {  # test
  answer 'wasmup doctor*' 1 '"name": "ports-taken"\n'
  run just install-envoy-gateway
  exits_with 0
  answer 'wasmup doctor*' 1 '"name": "wasm-cache-down"\n'
  run just install-envoy-gateway
  exits_with 6
  says 'found: "wasm-cache-down"'
  answer 'wasmup doctor*' 5 ''
  run just install-envoy-gateway
  exits_with 5
  says "the doctor ended with exit code 5"
}

what_others_made_is_used_and_not_changed() {  # test
  run just deploy-test
  exits_with 0
  calls "-k $project/build/k8s --selector app.kubernetes.io/component notin (none)"
  answer 'kubectl get namespace*' 0 'wasmup='
  answer 'kubectl get gatewayclass*' 0 'eg='
  run just deploy-test
  calls "-k $project/build/k8s --selector app.kubernetes.io/component notin (none,namespace,gateway-class)"
  forget_calls
  answer 'kubectl get namespace*' 0 'wasmup=wasmup'
  run just deploy-test
  calls "notin (none,gateway-class)"
}

the_namespace_is_the_one_asked_for() {  # test
  run just NAMESPACE=elsewhere deploy-test
  [[ $(<"$project/build/k8s/kustomization.yaml") == $'resources: [../../k8s]\nnamespace: elsewhere' ]] || broken "k8s, elsewhere"
  calls "kubectl -n elsewhere wait gateway/eg"
  answer '*config current-context*' 0 'kind-wasmup-test\n'
  run just deploy-test
  grep -qxF 'components: [../../k8s/kind]' "$project/build/k8s/kustomization.yaml" || broken "kind's component"
}

a_gateway_that_is_not_programmed_shows_why() {  # test
  answer 'kubectl -n wasmup wait gateway/eg*' 1 ''
  answer 'kubectl -n wasmup get gateway eg*' 0 'Programmed: False, no addresses\n'
  run just deploy-test
  exits_with 6
  says "Programmed: False, no addresses"
  says "next: ./wasmup doctor"
}

clean_keeps_a_namespace_that_holds_something_of_others() {  # test
  answer 'kubectl get namespace wasmup --ignore-not-found -o name' 0 'namespace/wasmup\n'
  answer 'kubectl get namespace wasmup --ignore-not-found -o jsonpath*' 0 'wasmup=wasmup'
  answer 'kubectl api-resources*' 0 'configmaps\n'
  answer 'kubectl -n wasmup get configmaps*' 0 'configmap/kube-root-ca.crt\nconfigmap/theirs\n'
  run just clean
  exits_with 0
  says "namespace wasmup stays: it has configmap/theirs"
  calls "kubectl delete --ignore-not-found --timeout=90s deployment,service,serviceaccount -n wasmup --selector app.kubernetes.io/part-of=wasmup"
  does_not_call "delete --ignore-not-found --timeout=90s namespace"
  answer 'kubectl -n wasmup get configmaps*' 0 'configmap/kube-root-ca.crt\n'
  run just clean
  calls "delete --ignore-not-found --timeout=90s namespace wasmup"
}

clean_keeps_a_gateway_class_that_others_made_or_use() {  # test
  answer 'kubectl get crd*' 0 'crd\n'
  answer 'kubectl get gatewayclass*' 0 'eg='
  run just clean
  does_not_call "90s gatewayclass"
  answer 'kubectl get gatewayclass*' 0 'eg=wasmup'
  answer 'kubectl get gateways*' 0 'shop/eg '
  run just clean
  says "gateway class eg stays: used by shop/eg"
  does_not_call "90s gatewayclass"
  answer 'kubectl get gateways*' 0 ''
  run just clean
  calls "delete --ignore-not-found --timeout=90s gatewayclass eg"
}

a_finalizer_that_nobody_will_take_off_does_not_hold_clean() {  # test
  answer 'kubectl get crd*' 0 'crd\n'
  answer 'kubectl get gatewayclass eg --ignore-not-found -o jsonpath*' 0 'eg=wasmup'
  answer 'kubectl get gatewayclass eg --ignore-not-found -o name' 0 'gatewayclass/eg\n'
  answer 'kubectl delete*gatewayclass*' 1 ''
  run just clean
  exits_with 0
  says "its controller is gone; taking off its finalizer"
  calls 'kubectl patch gatewayclass/eg --type=merge --patch {"metadata":{"finalizers":null}}'
  answer '*get deployment envoy-gateway*' 0 '1'
  run just clean
  exits_with 6
  says "these are not gone after 90 seconds"
}

the_image_is_pushed_and_pulled_under_the_names_each_side_knows() {  # test
  run just IMAGE=localhost:1/x PULL_IMAGE=registry.local/x VERSION=v9 EXPECT=x-a=b update
  exits_with 0
  calls "wasmup push localhost:1/x:v9 --from build/image"
  calls "wasmup deploy registry.local/x:v9 --push-to localhost:1/x:v9 --target HTTPRoute/backend --namespace wasmup"
  calls "--expect x-a=b --path /get --wait 60s --rollback"
}

pushing_and_deploying_speak_to_the_registry_in_the_same_way() {  # test
  run just IMAGE=registry.local/x WITHIN=5s REGISTRY_FLAGS="--plain-http --authfile login.json" update
  exits_with 0
  calls "wasmup push registry.local/x:latest --from build/image --plain-http --authfile login.json"
  calls "--path /get --wait 5s --rollback --plain-http --authfile login.json"
}

the_gateway_is_asked_at_its_address() {  # test
  answer 'kubectl -n wasmup get gateway*' 0 '10.1.2.3'
  run just test
  exits_with 0
  calls "wasmup verify http://10.1.2.3/get --host www.example.com --status 200 --within 60s --expect-header x-wasm-custom=FOO"
  forget_calls
  run just test-absent
  calls "--absent x-wasm-custom"
  does_not_call "--expect-header"
}

without_an_address_it_is_asked_by_a_forwarded_port_which_ends() {  # test
  answer 'kubectl -n envoy-gateway-system get service*' 0 'service/envoy-x\n'
  answer 'kubectl *port-forward*' 0 forever
  run just test
  exits_with 0
  calls "wasmup verify http://127.0.0.1:4711/get"
  ! kill -0 "$(<"$MACHINE/child")" 2>/dev/null || broken "the child to have ended"
}

a_check_that_fails_fails_the_recipe() {  # test
  answer 'kubectl -n wasmup get gateway*' 0 '10.1.2.3'
  answer 'wasmup verify*' 1 ''
  run just test
  exits_with 1
  run just test-local
  exits_with 1
}

a_gateway_that_is_not_there_is_told() {  # test
  answer 'kubectl -n wasmup get gateway*' 1 ''
  run just test
  exits_with 6
  says "next: just deploy-test"
  run just port-forward
  exits_with 6
  says "next: just deploy-test"
}

tags_follow_the_branch_or_the_version() {  # test
  run k8s/bin/image-tags.sh refs/heads/main abc
  says "main abc latest"
  run k8s/bin/image-tags.sh refs/heads/a/b abc
  [[ $output == "a-b abc" ]] || broken "a-b abc"
  run k8s/bin/image-tags.sh refs/tags/v1.2.3 abc
  [[ $output == "v1.2.3 1.2.3 1.2 1 latest" ]] || broken "all of v1.2.3"
  run k8s/bin/image-tags.sh refs/tags/v0.2.3 abc
  [[ $output == "v0.2.3 0.2.3 0.2 latest" ]] || broken "no 0"
  run k8s/bin/image-tags.sh refs/tags/v1.0.0-rc.1 abc
  [[ $output == "v1.0.0-rc.1 1.0.0-rc.1" ]] || broken "not latest"
  run k8s/bin/image-tags.sh refs/tags/vast abc
  exits_with 2
}

a_release_s_version_is_that_of_versions_env() {  # test
  echo module >"$project/module"
  run k8s/bin/release-files.sh module ghcr.io/ada/wasmup v9.9.9
  exits_with 2
  run k8s/bin/release-files.sh module ghcr.io/ada/wasmup "v$(sed -n 's/^WASMUP_VERSION=//p' "$root/versions.env")"
  exits_with 0
  (cd "$project/build/release-files" && sha256sum --quiet -c SHA256SUMS)
  grep -qF "sha256: $(sha256sum "$project/module" | cut -d' ' -f1)" "$project/build/release-files/notes.md" || broken notes
}

# --- the workflows ----------------------------------------------------------------------------------------------------

workflows=("$root"/.github/workflows/*.yaml)

the_workflows_pass_actionlint() {  # test
  "$actionlint" "${workflows[@]}"
  # What it must find.
  mkdir -p "$MACHINE/w/.github/workflows"
  sed 's/runs-on:/runs-off:/' "${workflows[0]}" >"$MACHINE/w/.github/workflows/broken.yaml"
  ! "$actionlint" "$MACHINE/w/.github/workflows/broken.yaml" >/dev/null || broken "a mistake to be found"
}

actions_are_pinned_by_commit() {  # test
  ! grep -nE '^ *-? *uses:' "${workflows[@]}" | grep -vE 'uses: [A-Za-z0-9/_-]+@[0-9a-f]{40}  # v' || broken "a commit and its version"
}

only_what_pushes_may_write() {  # test
  [[ $(grep -hc '^permissions: {}$' "${workflows[@]}" | paste -sd' ') == "1 1" ]] || broken "no permission by default"
  [[ $(grep -c ': write' "$root/.github/workflows/build.yaml") == 1 ]] || broken "build.yaml to write packages alone"
  ! grep -q pull_request_target "${workflows[@]}" || broken "no pull_request_target"
}

# steps FILE JOB: the commands of a job, a line each, as tests/recipes wants them: no block of shell in a workflow.
steps() { sed -n "/^  $2:\$/,/^  [a-z]*:\$/s/^      - run: //p" "$root/.github/workflows/$1"; }

# Does a job's own commands here, as GitHub's runner would, with the stubs in place of what changes the world.
run_job() {
  local step
  ln -sf "$root/tests/recipes/stubs/program" "$MACHINE/bin/apt-get"
  mkdir -p "$project/.wasmup/venv/bin" "$project/.ci"
  ln -sf "$(type -P "$just")" "$project/.wasmup/venv/bin/just"
  echo "echo ci >>'$MACHINE/calls'" >"$project/.ci/run"
  there+=(GITHUB_ACTOR=ada GITHUB_TOKEN=secret GITHUB_REF="$3" GITHUB_REF_NAME="${3##*/}" GITHUB_SHA=abc123
    GITHUB_WORKSPACE="$project" VERSION="${3##*/}" IMAGE=ghcr.io/ada/wasmup)
  [[ -n $(steps "$1" "$2") ]] || broken "steps of $1, $2"
  while read -r step; do
    run bash --noprofile --norc -eo pipefail -c "$step"
    exits_with 0
  done < <(steps "$1" "$2")
}

workflows_have_no_shell_of_their_own() {  # test
  ! grep -nE 'run: *[|>]' "${workflows[@]}" || broken "one command a step"
}

a_push_to_main_pushes_the_image_under_three_tags() {  # test
  run_job build.yaml push refs/heads/main
  calls "skopeo login ghcr.io --username ada --password-stdin"
  does_not_call "skopeo login ghcr.io --username ada --password-stdin secret"
  for tag in main abc123 latest; do calls "wasmup push ghcr.io/ada/wasmup:$tag --from build/image"; done
}

a_pull_request_pushes_nothing() {  # test
  run_job build.yaml image refs/pull/1/merge
  calls "wasmup image"
  does_not_call "wasmup push"
  does_not_call skopeo
  grep -qF "if: github.event_name == 'push' && github.ref == 'refs/heads/main'" \
    <<<"$(grep -A1 '^  push:$' "$root/.github/workflows/build.yaml")" || broken "push from main alone"
}

nothing_is_pushed_under_tags_that_cannot_be_made() {  # test
  local step
  there+=(GITHUB_REF=refs/tags/vast GITHUB_SHA=abc)
  while read -r step; do
    run bash --noprofile --norc -eo pipefail -c "$step"
    exits_with 2
  done < <(grep -h 'image-tags.sh' "${workflows[@]}" | sed 's/^ *- run: //')
  does_not_call "wasmup push"
}

the_tests_are_those_of_ci() {  # test
  local file
  for file in build.yaml release.yaml; do
    forget_calls
    run_job "$file" test refs/heads/main
    calls ci
  done
}

a_tag_makes_a_release_with_module_checksum_and_notes() {  # test
  mkdir -p "$project/build"
  echo module >"$project/build/plugin.wasm"
  run_job release.yaml release "refs/tags/v$(sed -n 's/^WASMUP_VERSION=//p' "$root/versions.env")"
  calls "gh release create v"
  for file in plugin.wasm SHA256SUMS notes.md; do [[ -s $project/build/release-files/$file ]] || broken "$file"; done
  calls "wasmup push ghcr.io/ada/wasmup:latest"
}

# --- the manifests ----------------------------------------------------------------------------------------------------

every_object_says_that_it_is_of_this_project() {  # test
  local file
  for file in "$root"/k8s/*.yaml "$root"/k8s/kind/*.yaml; do
    [[ $(grep -c '^kind: [A-Z]' "$file") == 0 || $file == *kustomization.yaml || $file == *kind.yaml ||
      $(grep -c '^kind:' "$file") == $(grep -c '^    app.kubernetes.io/part-of: wasmup$' "$file") ]] || broken "its label in $file"
  done
}

every_policy_names_the_root_and_says_what_failing_means() {  # test
  local file
  for file in "$root"/k8s/wasm-policy-*.yaml; do
    grep -q '^      rootID: add_header_root$' "$file" || broken "the root id in $file"
    grep -q '^      failOpen: true' "$file" || broken "failOpen in $file"
  done
}

make_machine
"$3"
