#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# build.sh GO MODULE: the filter of the Go SDK. What is fetched, checked against go.sum, and what is made stay in
# MODULE.build.
set -euo pipefail
source=$(cd -- "$(dirname -- "$0")" && pwd)
go=$1 module=$2 work=$2.build
# The caches can be removed like any other files, and no other Go is fetched in the place of this one.
export GOCACHE=$work/cache GOMODCACHE=$work/modules GOFLAGS="-mod=readonly -modcacherw" GOTOOLCHAIN=local GOWORK=off
cd "$source"
GOOS=wasip1 GOARCH=wasm "$go" build -buildmode=c-shared -buildvcs=false -trimpath -ldflags="-s -w" -o "$module" .
