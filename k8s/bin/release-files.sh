#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
#
# release-files.sh MODULE IMAGE VERSION: what a release carries, in build/release-files: the module, its checksum, and notes
# from the changelog with how to use it.
set -euo pipefail
WASMUP_PROJECT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck source=k8s/bin/common.sh
source "$WASMUP_PROJECT/k8s/bin/common.sh"
module=$1 image=$2 version=$3
folder=$WASMUP_PROJECT/build/release-files

named=$(sed -n 's/^WASMUP_VERSION=//p' "$WASMUP_PROJECT/versions.env")
[[ ${version%%-*} == "v$named" ]] ||
  fail "the version is not the one in versions.env" "$version, and there $named" "correct one of them" 2
# The changelog's part of this version, or what is not released yet when it has none.
changes=$(sed -n "/^## ${version#v}/,/^## /{/^## /!p}" "$WASMUP_PROJECT/CHANGELOG.md")
[[ -n $changes ]] || changes=$(sed -n '/^## Unreleased/,/^## /{/^## /!p}' "$WASMUP_PROJECT/CHANGELOG.md")

rm -rf "$folder"
mkdir -p "$folder"
cp "$module" "$folder/plugin.wasm"
(cd "$folder" && sha256sum plugin.wasm >SHA256SUMS)
cat >"$folder/notes.md" <<EOF
$changes

The default filter as an image, \`$image:$version\`, and as the file \`plugin.wasm\`. In an EnvoyExtensionPolicy:

\`\`\`yaml
code:
  type: Image
  image:
    url: $image:$version
\`\`\`

\`\`\`yaml
code:
  type: HTTP
  http:
    url: https://github.com/${image#ghcr.io/}/releases/download/$version/plugin.wasm
    sha256: $(cut -d' ' -f1 "$folder/SHA256SUMS")
\`\`\`
EOF
echo "$folder"
