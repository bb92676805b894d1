# SPDX-License-Identifier: MIT
#
# From the source of the filter to checked traffic through Envoy Gateway: `just` lists the recipes. The work is done by
# ./wasmup and k8s/bin; a recipe says with what. Variables: just NAME=value recipe, or NAME=value in the environment.

# What is built, and its image: by default in a kind cluster's own registry when kubectl uses that cluster, else of this
# repository's owner on GitHub.

export FILTER := env("FILTER", "filters/add_header")
export IMAGE := env("IMAGE", "")
export VERSION := env("VERSION", "v" + `sed -n 's/^WASMUP_VERSION=//p' versions.env`)

# All tags that push-image gives it.

export TAGS := env("TAGS", VERSION + " latest")

# How that registry is spoken to: --plain-http, --ca FILE, --authfile FILE, as `wasmup push` has them.

export REGISTRY_FLAGS := env("REGISTRY_FLAGS", "")

# The image as the gateway pulls it, where that is another name (kind's registry has one inside the cluster and one outside).

export PULL_IMAGE := env("PULL_IMAGE", "")

# Where it runs.

export CLUSTER_NAME := env("CLUSTER_NAME", "wasmup-test")
export NAMESPACE := env("NAMESPACE", "wasmup")
export EG_VERSION := env("EG_VERSION", "v" + `sed -n 's/^ENVOY_GATEWAY_VERSION=//p' versions.env`)
export EG_CHART := env("EG_CHART", "oci://docker.io/envoyproxy/gateway-helm")

# How the gateway is asked (by default at its address, or by a forwarded port when it has none), what must come back and how
# soon, and the port for port-forward.

export GATEWAY_URL := env("GATEWAY_URL", "")
export ROUTE_HOST := env("ROUTE_HOST", "www.example.com")
export EXPECT := env("EXPECT", "x-wasm-custom=FOO")
export WITHIN := env("WITHIN", "60s")
export PORT := env("PORT", "8080")

# What follows from these.

kind := if `kubectl config current-context 2>/dev/null || true` == "kind-" + CLUSTER_NAME { "kind" } else { "" }
origin := `git remote get-url origin 2>/dev/null || true`
repository := if origin =~ 'github\.com[:/]' { lowercase(replace_regex(origin, '^.*github\.com[:/]|\.git$|/$', "")) } else { "OWNER/wasmup" }
image := if IMAGE != "" { IMAGE } else if kind != "" { "localhost:5001/wasmup" } else { "ghcr.io/" + repository }
pull_image := if PULL_IMAGE != "" { PULL_IMAGE } else if image == "localhost:5001/wasmup" { "registry.wasmup-registry.svc.cluster.local:5000/wasmup" } else { image }
gateway_url := if GATEWAY_URL != "" { GATEWAY_URL } else if kind != "" { "http://127.0.0.1:8088" } else { "" }
registry_flags := if REGISTRY_FLAGS != "" { " " + REGISTRY_FLAGS } else { "" }
module := "build/plugin.wasm"
layout := "build/image"
ask := "k8s/bin/through-gateway.sh " + quote(NAMESPACE) + " " + quote(gateway_url) + " ./wasmup verify {}/get --host " + quote(ROUTE_HOST) + " --status 200 --within " + quote(WITHIN)

[private]
default:
    @{{ just_executable() }} --list --unsorted

# Compile the filter to build/plugin.wasm
[group('module')]
build:
    ./wasmup build {{ quote(FILTER) }} -o {{ module }}

# Pack it as an image, in build/image
[group('module')]
build-image: build
    ./wasmup image {{ module }} -o {{ layout }} --annotation {{ quote("version=" + VERSION) }}

# Push it to the registry under its TAGS: VERSION and latest
[group('module')]
push-image: build-image
    for tag in {{ TAGS }}; do ./wasmup push {{ quote(image) }}:"$tag" --from {{ layout }}{{ registry_flags }} || exit; done

# The files of a release: module, checksum, notes
[group('module')]
release-files: build
    k8s/bin/release-files.sh {{ module }} {{ quote(image) }} {{ quote(VERSION) }}

# Create a kind cluster, with a registry of its own
[group('cluster')]
kind-create:
    k8s/bin/kind.sh create {{ quote(CLUSTER_NAME) }}

# Delete the kind cluster
[group('cluster')]
kind-delete:
    k8s/bin/kind.sh delete {{ quote(CLUSTER_NAME) }}

# Install Envoy Gateway, and see that it can load modules
[group('cluster')]
install-envoy-gateway:
    k8s/bin/install-envoy-gateway.sh {{ quote(EG_CHART) }} {{ quote(EG_VERSION) }}

# Deploy the backend, the gateway and the route
[group('filter')]
deploy-test:
    k8s/bin/deploy-test.sh {{ quote(NAMESPACE) }} {{ kind }}

# Put the image on the route
[group('filter')]
apply-wasm:
    ./wasmup deploy {{ quote(pull_image + ":" + VERSION) }} --push-to {{ quote(image + ":" + VERSION) }} --target HTTPRoute/backend --namespace {{ quote(NAMESPACE) }} --name wasm-add-header --root-id add_header_root --fail-open --expect {{ quote(EXPECT) }} --path /get --wait {{ quote(WITHIN) }} --rollback{{ registry_flags }}

# Take the filter off the route
[group('filter')]
remove-wasm:
    ./wasmup undeploy wasm-add-header --namespace {{ quote(NAMESPACE) }}

# Build and push again, put the new module in place of the old one
[group('filter')]
update: push-image apply-wasm

# Remove all that deploy-test and apply-wasm made
[group('filter')]
clean:
    k8s/bin/clean.sh {{ quote(NAMESPACE) }}

# Ask through the gateway: the header is there, once, with its value
[group('check')]
test:
    {{ ask }} --expect-header {{ quote(EXPECT) }}

# Ask through the gateway: the header is not there (before apply-wasm, after remove-wasm)
[group('check')]
test-absent:
    {{ ask }} --absent {{ quote(replace_regex(EXPECT, '=.*', "")) }}

# Forward PORT of this machine to the gateway, until Ctrl-C
[group('check')]
port-forward:
    k8s/bin/port-forward.sh {{ quote(NAMESPACE) }} {{ quote(PORT) }}

# The same as test, through port-forward in another terminal
[group('check')]
test-local:
    ./wasmup verify http://127.0.0.1:{{ PORT }}/get --host {{ quote(ROUTE_HOST) }} --status 200 --within {{ quote(WITHIN) }} --expect-header {{ quote(EXPECT) }}

# Everything, from no cluster to a checked header
[group('all')]
all: kind-create
    {{ quote(just_executable()) }} all-but-kind

# The same in the cluster that kubectl uses
[group('all')]
all-but-kind: push-image install-envoy-gateway deploy-test test-absent apply-wasm test

# Run the tests that need a cluster, in the cluster that kubectl uses
[group('all')]
test-cluster:
    tests/cluster/run.sh
