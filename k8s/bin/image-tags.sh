#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# image-tags.sh REF COMMIT: the tags that an image made from this git reference gets. A branch: its name and the commit, and
# latest if it is main. A release vX.Y.Z: itself, X.Y.Z, X.Y, X (not of 0.Y.Z, where X says nothing) and latest; a
# pre-release, such as v1.0.0-rc.1: itself alone, with and without the v.
set -euo pipefail
# shellcheck source=k8s/bin/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
ref=$1 commit=$2

case $ref in
  refs/heads/*)
    branch=${ref#refs/heads/}
    tags=("${branch//[^A-Za-z0-9_.-]/-}" "$commit")
    [[ $branch != main ]] || tags+=(latest)
    ;;
  refs/tags/v*)
    version=${ref#refs/tags/v}
    [[ $version =~ ^([0-9]+)\.([0-9]+)\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] ||
      fail "the tag is no version" "$ref" "tags are vX.Y.Z" 2
    tags=("v$version" "$version")
    if [[ -z ${BASH_REMATCH[3]} ]]; then
      tags+=("${BASH_REMATCH[1]}.${BASH_REMATCH[2]}")
      ((BASH_REMATCH[1] == 0)) || tags+=("${BASH_REMATCH[1]}")
      tags+=(latest)
    fi
    ;;
  *) fail "neither a branch nor a tag" "$ref" "image-tags.sh refs/heads/main COMMIT" 2 ;;
esac
echo "${tags[*]}"
