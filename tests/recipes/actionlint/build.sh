#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# build.sh GO PROGRAM: actionlint, which checks the workflows. What is fetched, checked against go.sum, and what is made stay
# in PROGRAM.build.
set -euo pipefail
cd "$(dirname "$0")"
export GOCACHE=$2.build/cache GOMODCACHE=$2.build/modules GOFLAGS="-mod=readonly -modcacherw" GOTOOLCHAIN=local GOWORK=off
CGO_ENABLED=0 "$1" build -buildvcs=false -trimpath -ldflags="-s -w" -o "$2" github.com/rhysd/actionlint/cmd/actionlint
